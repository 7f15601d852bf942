import { describe, expect, it } from 'vitest'
import { parseInvocation } from '../../../src/cli/arguments.ts'
import { UsageError } from '../../../src/cli/usage-error.ts'

describe('the command line', () => {
  it.each([
    [['add', 'a', 'b'], { name: 'add', paths: ['a', 'b'], passwords: [] }],
    [['add', 'a', '--password', 'x', '--password', '二'], { name: 'add', paths: ['a'], passwords: ['x', '二'] }],
    [['search', 'two', 'words', '-k', '5'], { name: 'search', query: 'two words', limit: 5 }],
    [['--json', 'search', '--queries', 'f.jsonl'], { name: 'search-file', file: 'f.jsonl', limit: 100 }],
    [
      ['ask', 'why', '--model', 'm:1'],
      { name: 'ask', question: 'why', model: 'm:1', isQuotes: false, conversationId: null },
    ],
    [
      ['ask', '--quotes', '为什么'],
      { name: 'ask', question: '为什么', model: null, isQuotes: true, conversationId: null },
    ],
    [
      ['ask', 'and then?', '--conversation', 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e'],
      {
        name: 'ask',
        question: 'and then?',
        model: null,
        isQuotes: false,
        conversationId: 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e',
      },
    ],
    [['remove', 'x'], { name: 'remove', targets: ['x'] }],
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
    [['ask', 'q', '--conversation', 'mine']],
    [['list', '--conversation', 'b5f8a3de-0c31-4d53-9c6e-2a8bb8ac4d0e']],
    [['--data', '', 'list']],
  ])('refuses %j with a sentence', (argv) => {
    expect(() => parseInvocation(argv)).toThrow(UsageError)
  })
})
