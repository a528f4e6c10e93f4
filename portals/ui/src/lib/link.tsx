"use client";
import { type AnchorHTMLAttributes, type ComponentType, createContext, type ReactNode, use } from "react";

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

const Plain: ComponentType<LinkProps> = (props) => <a {...props} />;
const LinkContext = createContext<ComponentType<LinkProps>>(Plain);

/** Tells the components which link the application's router uses. */
export function LinkProvider({ link, children }: { link: ComponentType<LinkProps>; children: ReactNode }) {
  return <LinkContext value={link}>{children}</LinkContext>;
}

/** A link that goes through the application's router, so that pages change without a reload. */
export function AppLink(props: LinkProps) {
  const Link = use(LinkContext);
  return <Link {...props} />;
}
