/** Tells where in a folder something changed. What changed is found by looking: events are late, joined, or lost. */
export interface FolderEvents {
  /**
   * @returns what ends it.
   * @throws whatever the system says when it cannot watch this folder (a limit of watches, a foreign file system)
   */
  watch(
    folder: string,
    options: {
      /** Names of folders that are left out at any depth, to spare watches. */
      readonly ignoredFolders: readonly string[]
      readonly onPaths: (paths: readonly string[]) => void
      /** Events were lost, or no more will come. */
      readonly onLost: (cause: unknown) => void
    },
  ): Promise<() => Promise<void>>
}
