// npm test -- [--only=static,vitest,e2e] [filters and options for the runner]
import { Failure } from './failure.mjs'

const kinds = ['static', 'vitest', 'e2e']
/** Real minutes of waiting: only by name, see `npm run test:slow`. */
const slow = 'slow'

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
  const known = [...kinds, slow]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Failure(`"${unknown}" is no test runner: use --only=${known.join(', --only=')}, or a list with commas.`)
  return { runners: known.filter((kind) => wanted.includes(kind)), rest }
}
