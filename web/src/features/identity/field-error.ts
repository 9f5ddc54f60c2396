// What the program says is wrong with one field of a form.
import { ApiProblem } from "@/http";

export function fieldError(failure: unknown, field: string): string | undefined {
  if (!(failure instanceof ApiProblem)) return undefined;
  return failure.problem.errors?.find((one) => one.field.split(".").at(-1) === field)?.message;
}
