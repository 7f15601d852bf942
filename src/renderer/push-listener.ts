import { assertNever } from '../shared/assert-never.ts'
import type { Push } from '../shared/push.ts'
import { useConversationList } from './features/conversation/conversation-list-store.ts'
import { useConversations } from './features/conversation/conversation-store.ts'
import { useEvidence } from './features/evidence/evidence-store.ts'
import { useEmbedders } from './features/embedders/embedders-store.ts'
import { useCollections } from './features/library/collections-store.ts'
import { useLibrary } from './features/library/library-store.ts'
import { useUnlock } from './features/library/unlock-store.ts'
import { useWatchedFolders } from './features/library/watched-folder-store.ts'
import { useSelfTest } from './features/self-test/self-test-store.ts'
import { useAppStatus } from './features/settings/app-status-store.ts'
import { useLocalApi } from './features/settings/local-api-store.ts'
import { useModels } from './features/settings/models-store.ts'
import { useSettings } from './features/settings/settings-store.ts'

/** Starts listening to what main tells, and asks once for everything shown. @returns what ends the listening. */
export function connectToMain(): () => void {
  const disconnect = window.api.onPush(receivePush)
  void useSettings.getState().load()
  void useAppStatus.getState().refresh()
  void useLibrary.getState().load('')
  void useCollections.getState().load()
  void useWatchedFolders.getState().load()
  void useConversationList.getState().load()
  void useModels.getState().check()
  void useModels.getState().loadActivity()
  return disconnect
}

/** Gives each push to the one store that shows it. */
export function receivePush(push: Push): void {
  switch (push.type) {
    case 'library':
      useLibrary.getState().receive(push)
      useEvidence.getState().receiveLibrary(push)
      useUnlock.getState().offer(push.changed)
      useAppStatus.getState().receiveTotals(push.totals)
      return
    case 'conversations':
      useConversationList.getState().receive(push)
      for (const { id } of push.changed) void useConversations.getState().catchUp(id)
      for (const id of push.removed) useConversations.getState().forget(id)
      return
    case 'collections':
      useCollections.getState().receive(push.collections)
      return
    case 'import':
      useAppStatus.getState().receiveImportProblem(push.problem)
      return
    case 'watched-folders':
      useWatchedFolders.getState().receive(push.folders)
      return
    case 'import-progress':
      useAppStatus.getState().receiveImportProgress(push.progress)
      return
    case 'models':
      useModels.getState().receive(push.status)
      return
    case 'model-pull':
      useModels.getState().receivePull(push.pull)
      return
    case 'model-work':
      useModels.getState().receiveWork(push.work)
      return
    case 'settings':
      useSettings.getState().receive(push.settings)
      return
    case 'local-api':
      useLocalApi.getState().receive(push.status)
      return
    case 'embedders':
      useEmbedders.getState().receive(push.status)
      return
    case 'self-test':
      useSelfTest.getState().receive(push.status)
      return
    case 'network':
      useAppStatus.getState().receiveNetwork(push)
      return
    default:
      assertNever(push)
  }
}
