"use client";
import { type RefObject, useEffect, useRef } from "react";

/** Takes over what was typed, or filled in by the browser, before the page came alive. */
export function useTypedBefore(
  field: RefObject<HTMLInputElement | null>,
  value: string,
  onChange: (value: string) => void,
): void {
  const first = useRef({ value, onChange });
  useEffect(() => {
    const typed = field.current?.value;
    if (typed !== undefined && typed !== first.current.value) first.current.onChange(typed);
  }, [field]);
}
