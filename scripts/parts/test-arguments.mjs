// npm test -- [--only=static,vitest,e2e] [filters and options for the runner]
import { Failure } from './failure.mjs'

const kinds = ['static', 'vitest', 'e2e']

/**
 * Which runners to run, and what to hand on to them.
 * Filters without `--only` mean Vitest: the same word would match nothing in the other runners.
 * @throws Failure for an unknown runner
 */
export function parseTestArguments(args) {
  const only = args.find((arg) => arg.startsWith('--only='))
  const rest = args.filter((arg) => arg !== only)
  if (only === undefined) return { runners: rest.length > 0 ? ['vitest'] : kinds, rest }
  const wanted = only.slice('--only='.length).split(/[,|]/)
  const unknown = wanted.find((name) => !kinds.includes(name))
  if (unknown !== undefined)
    throw new Failure(`"${unknown}" is no test runner: use --only=${kinds.join(', --only=')}, or a list with commas.`)
  return { runners: kinds.filter((kind) => wanted.includes(kind)), rest }
}
