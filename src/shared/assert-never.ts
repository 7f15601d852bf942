/** Makes the compiler prove that a union was handled completely. @throws Error when it was not, at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`)
}
