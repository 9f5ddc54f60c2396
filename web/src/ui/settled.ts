// A value that changes fast, as it is once it has rested for a moment.
import { useEffect, useState } from "react";

/** Return the last value that stayed for `ms`, compared by identity. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
