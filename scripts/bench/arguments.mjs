// npm run bench -- [--only=GROUP,GROUP] [--quick]
import { Failure } from '../parts/failure.mjs'

/** In the order in which they run: what wants a quiet machine first, the longest last. */
export const groupNames = [
  'import',
  'ocr',
  'stream',
  'doors',
  'stop',
  'runner',
  'stall',
  'watch',
  'launch',
  'open-citation',
  'library',
  'history',
  'retrieval',
  'refusal',
  'follow-ups',
]
/** Only when named: `npm run bench:answers`, `npm run bench:citations`, `npm run bench:injection`, `npm run bench:scale`, the others by `npm run bench:import`. */
const namedGroupNames = [
  'answers',
  'citations',
  'injection',
  'scale',
  'scale-import',
  'kinds',
  'searchable',
  'busy-search',
  'vectors',
  'memory',
  'kept-text',
  'journey',
]
const allNames = [...groupNames, ...namedGroupNames]

/**
 * @param {readonly string[]} words of the command line
 * @returns {{groups: string[], isQuick: boolean}} `isQuick`: tiny sizes, to see that the bench itself works; its figures mean nothing
 * @throws Failure for anything unknown
 */
export function parseBenchArguments(words) {
  let groups = groupNames
  let isQuick = false
  for (const word of words) {
    if (word === '--quick') isQuick = true
    else if (word.startsWith('--only=')) groups = readGroups(word.slice('--only='.length))
    else throw new Failure(`"${word}" is not understood: use --only=${allNames.join(',')} and --quick.`)
  }
  return { groups, isQuick }
}

function readGroups(list) {
  const wanted = list.split(/[,|]/).filter((name) => name !== '')
  const unknown = wanted.find((name) => !allNames.includes(name))
  if (unknown !== undefined || wanted.length === 0)
    throw new Failure(`"${unknown ?? list}" is no group of benchmarks: use --only=${allNames.join(',')}.`)
  return allNames.filter((name) => wanted.includes(name))
}
