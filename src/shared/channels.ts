/** Names only, free of imports, for the preload. What each carries stands in ipc.ts, pushes in push.ts. */
export const requestChannels = [
  'app:status',
  'app:open-data-folder',
  'library:list',
  'library:add-paths',
  'library:choose',
  'library:add-samples',
  'library:remove',
  'library:retry',
  'library:unlock',
  'document:read',
  'document:boxes',
  'document:reveal',
  'document:password',
  'conversations:list',
  'conversations:turns',
  'conversations:search',
  'conversations:rename',
  'conversations:delete',
  'conversations:choose-answer',
  'conversations:export',
  'conversations:restore',
  'conversations:deleted',
  'conversations:delete-for-ever',
  'models:status',
  'models:choose',
  'models:details',
  'models:activity',
  'models:use-server',
  'models:warm-up',
  'models:pull',
  'models:cancel-pull',
  'embedders:status',
  'embedders:choose-folder',
  'embedders:add-folder',
  'embedders:ollama-models',
  'embedders:add-ollama',
  'embedders:remove',
  'embedders:use',
  'embedders:cancel',
  'settings:get',
  'settings:set',
  'local-api:status',
  'local-api:allow-folder',
  'local-api:forget-folder',
] as const

export type RequestChannel = (typeof requestChannels)[number]

/** The page asks a question: an AskRequest with one MessagePort. */
export const answerChannel = 'answer:open'

/** Main tells every window that something changed. */
export const pushChannel = 'push'
