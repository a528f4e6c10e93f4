"use client";
import { useRouter } from "next/navigation";
import { type AnchorHTMLAttributes, type MouseEvent, startTransition } from "react";

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/**
 * A link through Next's router that fetches what it leads to when somebody is about to follow it. Next's own asks for every
 * link in sight: with a rail and a list that is more requests than the page itself needs.
 */
export function RouterLink({ href, onClick, onMouseEnter, onFocus, onTouchStart, ...rest }: Props) {
  const router = useRouter();
  const ahead = () => {
    if (isHere(href) && !rest.target) router.prefetch(href);
  };
  return (
    <a
      {...rest}
      href={href}
      onMouseEnter={(event) => {
        onMouseEnter?.(event);
        ahead();
      }}
      onFocus={(event) => {
        onFocus?.(event);
        ahead();
      }}
      onTouchStart={(event) => {
        onTouchStart?.(event);
        ahead();
      }}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !isForRouter(event) || !isHere(href)) return;
        event.preventDefault();
        startTransition(() => router.push(href));
      }}
    />
  );
}

/** A new tab, a new window and a download are the browser's business. */
function isForRouter(event: MouseEvent<HTMLAnchorElement>): boolean {
  const { target } = event.currentTarget;
  const elsewhere = (target !== "" && target !== "_self") || event.currentTarget.hasAttribute("download");
  return (
    !elsewhere && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  );
}

const isHere = (href: string): boolean => new URL(href, location.href).origin === location.origin;
