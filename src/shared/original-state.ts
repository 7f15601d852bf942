/**
 * What became of the file behind a document. `there`: it holds the bytes that were read. `moved`: its folder is there, the file is
 * not. `folder-gone`: neither is. `drive-away`: the drive it was on is not connected. `locked`: it is there and may not be read (no
 * permission, or another program holds it). `replaced`: another file stands in its place, or it was edited.
 */
export const originalStates = ['there', 'moved', 'folder-gone', 'drive-away', 'locked', 'replaced'] as const
export type OriginalState = (typeof originalStates)[number]
export type MissingOriginal = Exclude<OriginalState, 'there'>
