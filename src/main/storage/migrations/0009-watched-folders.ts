import type { Migration } from './index.ts'

/** Folders whose files the library follows. */
export const watchedFolders: Migration = {
  version: 9,
  name: 'watched folders',
  apply: (database) =>
    database.script(`
CREATE TABLE watched_folder (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  -- Of the folder itself, as the file system counts: another drive at the same path is not this folder.
  file_number INTEGER,
  rules TEXT NOT NULL,
  is_paused INTEGER NOT NULL DEFAULT 0,
  in_step_at INTEGER
) STRICT;

-- Files whose documents a person took out of the library: they stay out until they are asked for.
CREATE TABLE left_out_file (
  folder_key INTEGER NOT NULL REFERENCES watched_folder (key) ON DELETE CASCADE,
  path TEXT NOT NULL,
  PRIMARY KEY (folder_key, path)
) STRICT, WITHOUT ROWID;

-- NULL: added by hand; a file that was is never removed with a folder.
ALTER TABLE location ADD COLUMN watched_folder_key INTEGER REFERENCES watched_folder (key) ON DELETE SET NULL;
-- The file's number in its file system: tells a renamed file from a new one.
ALTER TABLE location ADD COLUMN file_number INTEGER;
CREATE INDEX location_watched ON location (watched_folder_key, path) WHERE watched_folder_key IS NOT NULL;
CREATE INDEX location_queued_of_folder ON location (watched_folder_key) WHERE state = 'queued';
CREATE INDEX location_queued_size ON location (size_bytes) WHERE state = 'queued';`),
}
