// A dialog with something in it that would be lost: the first try to leave only warns.
import { useState } from "react";

import { useLeaveGuard } from "@/features/crm/leave-guard";

/** Return whether somebody tried to leave, and how they do. */
export function useLeaving(isUnsaved: boolean, onClose: () => void) {
  const [isWarned, setWarned] = useState(false);
  useLeaveGuard(isUnsaved, () => setWarned(true));
  return {
    isWarned: isUnsaved && isWarned,
    leave: () => (isUnsaved && !isWarned ? setWarned(true) : onClose()),
  };
}
