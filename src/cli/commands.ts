import type { Carrel } from '../main/compose.ts'
import type { Command } from './arguments.ts'
import type { CommandOptions, ExitCode } from './command-options.ts'
import { addFiles } from './add-command.ts'
import { askQuestion } from './ask-command.ts'
import { changeCollections } from './collection-commands.ts'
import { exportConversation, listConversations, searchConversations } from './conversation-commands.ts'
import {
  addFolderEmbedder,
  addOllamaEmbedder,
  listEmbedders,
  reindex,
  removeEmbedder,
  useEmbedder,
} from './embedder-commands.ts'
import { findDocuments } from './find-command.ts'
import { explainPassage } from './explain-command.ts'
import { pauseImport, retryFailedDocuments, stopDocuments } from './import-commands.ts'
import { listDocuments, removeDocuments, showStatus, verifyLibrary } from './library-commands.ts'
import { serveMcp } from './mcp-command.ts'
import {
  generateExpectations,
  keepExpectation,
  listExpectations,
  removeExpectation,
  runSelfTest,
} from './self-test-commands.ts'
import { serve } from './serve-command.ts'
import { searchFile, searchOnce } from './search-command.ts'
import { addWatchedFolder, listWatchedFolders, removeWatchedFolder, rescanFolders } from './watch-commands.ts'

/** A command that needs an open library. @throws AppError */
export type LibraryCommand = Exclude<Command, { name: 'help' | 'version' | 'demo' }>

export async function runCommand(carrel: Carrel, command: LibraryCommand, options: CommandOptions): Promise<ExitCode> {
  switch (command.name) {
    case 'add':
      return addFiles(carrel, command, options)
    case 'list':
      return listDocuments(carrel, command.scope, options)
    case 'collections':
      return changeCollections(carrel, command, options)
    case 'remove':
      return removeDocuments(carrel, command.targets, options)
    case 'watch-list':
      return listWatchedFolders(carrel, options)
    case 'watch-add':
      return addWatchedFolder(carrel, command, options)
    case 'watch-rescan':
      return rescanFolders(carrel, command.folder, options)
    case 'watch-remove':
      return removeWatchedFolder(carrel, command, options)
    case 'stop':
      return stopDocuments(carrel, command.targets, options)
    case 'pause':
    case 'resume':
      return pauseImport(carrel, command.name === 'pause', options)
    case 'retry':
      return retryFailedDocuments(carrel, options)
    case 'status':
      return showStatus(carrel, options)
    case 'verify':
      return verifyLibrary(carrel, options)
    case 'search':
      return searchOnce(carrel, command, options)
    case 'find':
      return findDocuments(carrel, command, options)
    case 'explain':
      return explainPassage(carrel, command, options)
    case 'search-file':
      return searchFile(carrel, command, options)
    case 'self-test':
      return runSelfTest(carrel, options)
    case 'self-test-list':
      return listExpectations(carrel, options)
    case 'self-test-keep':
      return keepExpectation(carrel, command, options)
    case 'self-test-generate':
      return generateExpectations(carrel, command.count, options)
    case 'self-test-remove':
      return removeExpectation(carrel, command.id, options)
    case 'conversations':
      return listConversations(carrel, options)
    case 'search-conversations':
      return searchConversations(carrel, command, options)
    case 'export':
      return exportConversation(carrel, command, options)
    case 'serve':
      return serve(carrel, command, options)
    case 'mcp':
      return serveMcp(carrel, options)
    case 'embedders':
      return listEmbedders(carrel, options)
    case 'add-embedder':
      return addFolderEmbedder(carrel, command, options)
    case 'add-ollama-embedder':
      return addOllamaEmbedder(carrel, command, options)
    case 'use-embedder':
      return useEmbedder(carrel, command, options)
    case 'remove-embedder':
      return removeEmbedder(carrel, command.embedder, options)
    case 'reindex':
      return reindex(carrel, command, options)
    case 'ask':
      return askQuestion(carrel, command, options)
  }
}
