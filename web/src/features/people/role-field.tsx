// Choosing one of the roles.
import { SelectField } from "@/ui/field";

import { useRoleName, useRoles } from "./queries";

interface RoleFieldProps {
  label: string;
  value: string;
  onRole: (key: string) => void;
}

export function RoleField({ label, value, onRole }: RoleFieldProps) {
  const roleName = useRoleName();
  const roles = useRoles();
  const keys = roles.data?.items.map((role) => role.key) ?? [value];
  return (
    <SelectField label={label} value={value} onChange={(event) => onRole(event.target.value)}>
      {keys.map((key) => (
        <option key={key} value={key}>
          {roleName(key)}
        </option>
      ))}
    </SelectField>
  );
}
