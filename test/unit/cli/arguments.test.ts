import { describe, expect, it } from 'vitest'
import { parseInvocation } from '../../../src/cli/arguments.ts'
import { UsageError } from '../../../src/cli/usage-error.ts'

const scope = { collections: [], documents: [], kinds: [] }

describe('the command line', () => {
  it.each([
    [['find', 'a deposit', '--csv', 'f.csv'], { name: 'find', query: 'a deposit', scope, csvFile: 'f.csv' }],
    [['find', 'x'], { name: 'find', query: 'x', scope, csvFile: null }],
    [['add', 'a', 'b'], { name: 'add', paths: ['a', 'b'], passwords: [], collections: [] }],
    [
      ['add', 'a', '--collection', 'My leases'],
      { name: 'add', paths: ['a'], passwords: [], collections: ['My leases'] },
    ],
    [
      ['add', 'a', '--password', 'x', '--password', '二'],
      { name: 'add', paths: ['a'], passwords: ['x', '二'], collections: [] },
    ],
    [['stop', 'a', 'b'], { name: 'stop', targets: ['a', 'b'] }],
    [['pause'], { name: 'pause' }],
    [['list', '--kind', 'pdf'], { name: 'list', scope: { ...scope, kinds: ['pdf'] } }],
    [['collections'], { name: 'collections', action: 'list' }],
    [
      ['collections', 'rename', '租约', 'Leases'],
      { name: 'collections', action: 'rename', collection: '租约', newName: 'Leases' },
    ],
    [
      ['collections', 'add', 'Leases', 'x', 'y'],
      { name: 'collections', action: 'add', collection: 'Leases', targets: ['x', 'y'] },
    ],
    [
      ['search', 'q', '--collection', 'A', '--collection', 'B', '--document', 'd.pdf'],
      { name: 'search', query: 'q', limit: 10, scope: { collections: ['A', 'B'], documents: ['d.pdf'], kinds: [] } },
    ],
    [['search', 'two', 'words', '-k', '5'], { name: 'search', query: 'two words', limit: 5, scope }],
    [['--json', 'search', '--queries', 'f.jsonl'], { name: 'search-file', file: 'f.jsonl', limit: 100, scope }],
    [
      ['ask', 'why', '--model', 'm:1'],
      { name: 'ask', question: 'why', model: 'm:1', isQuotes: false, scope, basis: 'documents', conversationId: null },
    ],
    [
      ['ask', '--quotes', '为什么'],
      { name: 'ask', question: '为什么', model: null, isQuotes: true, scope, basis: 'documents', conversationId: null },
    ],
    [
      ['ask', 'and then?', '--conversation', 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e'],
      {
        name: 'ask',
        question: 'and then?',
        model: null,
        isQuotes: false,
        scope,
        basis: 'documents',
        conversationId: 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e',
      },
    ],
    [
      ['ask', 'why', '--anyway'],
      { name: 'ask', question: 'why', model: null, isQuotes: false, scope, basis: 'anyway', conversationId: null },
    ],
    [
      ['ask', '--general', 'why'],
      { name: 'ask', question: 'why', model: null, isQuotes: false, scope, basis: 'general', conversationId: null },
    ],
    [
      ['explain', 'why', '--passage', '0123456789abcdef-3'],
      { name: 'explain', query: 'why', passageId: '0123456789abcdef-3' },
    ],
    [['remove', 'x'], { name: 'remove', targets: ['x'] }],
    [['watch'], { name: 'watch-list' }],
    [['watch', 'list'], { name: 'watch-list' }],
    [
      ['watch', 'add', 'd', '--ignore', 'drafts/', '--ignore', '*.log'],
      { name: 'watch-add', folder: 'd', ignored: ['drafts/', '*.log'] },
    ],
    [['watch', 'rescan'], { name: 'watch-rescan', folder: null }],
    [['watch', 'rescan', 'd'], { name: 'watch-rescan', folder: 'd' }],
    [['watch', 'remove', 'd'], { name: 'watch-remove', folder: 'd', keepsDocuments: true }],
    [['watch', 'remove', 'd', '--remove-documents'], { name: 'watch-remove', folder: 'd', keepsDocuments: false }],
    [['--help'], { name: 'help' }],
  ])('reads %j', (argv, command) => expect(parseInvocation(argv).command).toEqual(command))

  it('takes the data folder before or after the command', () => {
    expect(parseInvocation(['--data', 'd', 'list', '--json'])).toMatchObject({ dataFolder: 'd', isJson: true })
    expect(parseInvocation(['list', '--data', 'd']).dataFolder).toBe('d')
  })

  it.each([
    [[]],
    [['fly']],
    [['add']],
    [['remove']],
    [['ask', '  ']],
    [['search']],
    [['search', 'q', '-k', '0']],
    [['search', 'q', '-k', '1.5']],
    [['search', 'q', '-k', '101']],
    [['search', '--queries', 'f']],
    [['--json', 'search', '--queries', 'f', 'and words']],
    [['list', 'x']],
    [['list', '-k', '3']],
    [['add', 'x', '--model', 'm']],
    [['ask', 'q', '--quotes', '--model', 'm']],
    [['ask', 'q', '--nonsense']],
    [['ask', 'q', '--general', '--anyway']],
    [['explain', 'q']],
    [['explain', 'q', '--passage', 'x y']],
    [['ask', 'q', '--passage', '0123456789abcdef-3']],
    [['ask', 'q', '--general', '--quotes']],
    [['search', 'q', '--anyway']],
    [['ask', 'q', '--conversation', 'mine']],
    [['list', '--conversation', 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e']],
    [['status', '--collection', 'A']],
    [['add', 'x', '--kind', 'pdf']],
    [['search', 'q', '--kind', 'film']],
    [['search', 'q', '--collection', ' ']],
    [['collections', 'create']],
    [['collections', 'create', 'a', 'b']],
    [['collections', 'rename', 'a']],
    [['collections', 'add', 'a']],
    [['collections', 'paint', 'a']],
    [['watch', 'fly']],
    [['watch', 'add']],
    [['watch', 'add', 'a', 'b']],
    [['watch', 'add', 'a', '--ignore', ' ']],
    [['watch', 'add', 'a', '--remove-documents']],
    [['watch', 'list', 'a']],
    [['watch', 'remove', 'a', '--ignore', 'b']],
    [['add', 'a', '--ignore', 'b']],
    [['--data', '', 'list']],
  ])('refuses %j with a sentence', (argv) => {
    expect(() => parseInvocation(argv)).toThrow(UsageError)
  })
})

it('reads what is said of embedders', () => {
  const read = (...words: string[]) => parseInvocation(words).command
  const silent = {
    name: null,
    pooling: null,
    questionPrefix: null,
    passagePrefix: null,
    limitTokens: null,
    languages: null,
  }
  expect(read('embedders')).toEqual({ name: 'embedders' })
  expect(
    read('embedders', 'add', 'models/e5', '--pooling', 'cls', '--limit', '256', '--question-prefix', 'query: '),
  ).toEqual({
    name: 'add-embedder',
    folder: 'models/e5',
    choices: { ...silent, pooling: 'cls', limitTokens: 256, questionPrefix: 'query: ' },
  })
  expect(read('embedders', 'add', '--ollama', 'bge-m3', '--languages', 'many')).toEqual({
    name: 'add-ollama-embedder',
    model: 'bge-m3',
    choices: { ...silent, languages: 'many' },
  })
  expect(read('embedders', 'use', 'e5', '--for', 'all')).toEqual({
    name: 'use-embedder',
    embedder: 'e5',
    groups: ['chinese', 'other'],
  })
  expect(read('reindex', '--for', 'chinese', '--cancel')).toEqual({
    name: 'reindex',
    groups: ['chinese'],
    isCancelling: true,
  })
  for (const wrong of [
    ['embedders', 'paint'],
    ['embedders', 'add'],
    ['embedders', 'add', 'a', 'b'],
    ['embedders', 'add', 'a', '--ollama', 'b'],
    ['embedders', 'add', 'a', '--limit', '3'],
    ['embedders', 'add', 'a', '--pooling', 'max'],
    ['embedders', 'use', 'a'],
    ['embedders', 'use', 'a', '--for', 'klingon'],
    ['reindex', 'now'],
    ['list', '--for', 'all'],
  ])
    expect(() => read(...wrong), wrong.join(' ')).toThrow(UsageError)
})
