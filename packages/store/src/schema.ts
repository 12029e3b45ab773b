/**
 * How the database came to be what it is: each step takes it one `PRAGMA user_version` further. Steps are only ever
 * added. Times are milliseconds since 1970, ids and seqs are those of the account `self_id`.
 */
export const migrations: readonly string[] = [
  `
  -- What must outlive the rows it was counted from; see the queries that read it.
  CREATE TABLE account (
    self_id INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_byte INTEGER NOT NULL DEFAULT 0,
    last_message_id INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- last_byte is the length of this journal up to and including the entry, since its beginning.
  -- An entry without a body is the message of that id.
  CREATE TABLE journal (
    self_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    last_byte INTEGER NOT NULL,
    message_id INTEGER,
    body TEXT,
    PRIMARY KEY (self_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cursor (
    self_id INTEGER NOT NULL,
    link TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (self_id, link)
  ) STRICT, WITHOUT ROWID;

  -- In the order of rowid, which is the order in which they were stored.
  CREATE TABLE message (
    self_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    chat TEXT NOT NULL,
    message_seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    recalled INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX message_by_id ON message (self_id, message_id);
  CREATE INDEX message_by_chat ON message (self_id, chat, message_seq, message_id);

  CREATE TABLE state (
    self_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (self_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE media (
    key TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX media_by_age ON media (at);
  `,
  `
  -- Kept only until someone clears the cache.
  ALTER TABLE media ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- last_byte is the length of all messages up to and including this one, since the first of those that are there; 0 in
  -- rows from before this was counted.
  ALTER TABLE message ADD COLUMN last_byte INTEGER NOT NULL DEFAULT 0;

  -- Events that the program of a link refused; see the port DeadLetters.
  CREATE TABLE dead_letter (
    self_id INTEGER NOT NULL,
    link TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (self_id, link, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX dead_letter_by_age ON dead_letter (at);

  -- Calls that may be repeated; outcome is JSON, see the port CallMemory.
  CREATE TABLE call (
    self_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (self_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX call_by_age ON call (at);
  `,
  `
  -- Which file holds what is not in the database yet, and up to which of its generations everything is; see tail.ts.
  CREATE TABLE tail (id TEXT NOT NULL, moved INTEGER NOT NULL) STRICT;
  INSERT INTO tail VALUES (lower(hex(randomblob(8))), 0);
  `,
]
