-- Migration 1: the database of vault-v1.  Each statement ends with a semicolon at the end of a line.
-- Tables marked "bound" are listed in vault/bindings.py: a change of theirs is refused without a custody entry.

-- Bound.  What was chosen at creation.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Bound.  The secret keys of this device, 128 bytes, and the card that shows their public halves.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret BLOB NOT NULL CHECK (length(secret) = 128),
  card BLOB NOT NULL
) STRICT;

-- Bound.  The next number of each series of control numbers.
CREATE TABLE numbering (
  series TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next >= 1)
) STRICT, WITHOUT ROWID;

-- Bound.  Forms of the organisation, and those of records taken in; the core form is part of the program.
CREATE TABLE forms (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  form_id TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('own', 'received')),
  added_at TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX forms_own ON forms (form_id) WHERE origin = 'own';

-- Bound.  Texts of the organisation that are read out before consent; those of the program stand in no row.
CREATE TABLE scripts (
  code TEXT PRIMARY KEY,
  language TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  added_at TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Bound.  Which file the places of a country came from.
CREATE TABLE gazetteers (
  country TEXT PRIMARY KEY CHECK (length(country) = 2),
  sha256 TEXT NOT NULL,
  places INTEGER NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;

-- The places of the gazetteers: public, searched by name, and no part of any record.
CREATE TABLE places (
  pcode TEXT PRIMARY KEY,
  country TEXT NOT NULL,
  level INTEGER NOT NULL,
  name_en TEXT NOT NULL,
  name_ar TEXT NOT NULL,
  folded TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Interviews that can still be edited; each save counts up the sequence, and the log knows it up to `logged`.  A draft
-- of a version above 1 is a correction of the one before, for this reason.
CREATE TABLE drafts (
  record_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
  reason TEXT CHECK ((reason IS NULL) = (version = 1)),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  logged INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  case_code TEXT,
  interviewed_on TEXT,
  place TEXT,
  language TEXT,
  form TEXT NOT NULL CHECK (length(form) = 64),
  content BLOB NOT NULL
) STRICT;

-- Bound.  Finished versions of a record, and refusals, which hold a code and a date and no content.
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  stage TEXT NOT NULL CHECK (stage IN ('finished', 'refused')),
  finished_at TEXT NOT NULL,
  control_number TEXT UNIQUE,
  case_code TEXT,
  interviewed_on TEXT,
  place TEXT,
  language TEXT,
  form TEXT,
  root BLOB CHECK (root IS NULL OR length(root) = 32),
  leaves INTEGER,
  previous_root BLOB CHECK (previous_root IS NULL OR length(previous_root) = 32),
  seed BLOB CHECK (seed IS NULL OR length(seed) = 32),
  head BLOB,
  signature BLOB,
  pq_signature BLOB,
  content BLOB,
  UNIQUE (record_id, version)
) STRICT;

-- Bound.  Consent as it was given, changed and withdrawn; rows are added and never edited.
CREATE TABLE consent_events (
  record_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT,
  purpose TEXT,
  content BLOB NOT NULL,
  PRIMARY KEY (record_id, seq)
) STRICT;

-- Bound.  The signed statement over all consent events so far, one for each event after finishing; its salts come from
-- the seed of the record's version that is named.
CREATE TABLE consent_statements (
  record_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 1),
  version INTEGER NOT NULL,
  content BLOB NOT NULL,
  signature BLOB NOT NULL,
  pq_signature BLOB NOT NULL,
  PRIMARY KEY (record_id, number)
) STRICT;

-- Bound.  Translations, transcripts and observations: signed objects of their own that belong to a version of a record.
CREATE TABLE companions (
  companion_id TEXT PRIMARY KEY,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('translation', 'transcript', 'observation')),
  finished_at TEXT NOT NULL,
  control_number TEXT NOT NULL UNIQUE,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  pq_signature BLOB NOT NULL,
  seed BLOB NOT NULL CHECK (length(seed) = 32),
  content BLOB NOT NULL
) STRICT;
CREATE INDEX companions_record ON companions (record_id, version);

-- Bound.  One key a case: from it come the codes that stand for people.
CREATE TABLE alias_keys (
  case_code TEXT PRIMARY KEY,
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

-- Bound.  The people of a case and their codes.
CREATE TABLE persons (
  person_id TEXT PRIMARY KEY,
  case_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (case_code, code)
) STRICT;

-- The custody log: exact lines and their leaf hashes (custody-v1).
CREATE TABLE custody (
  seq INTEGER PRIMARY KEY,
  object TEXT NOT NULL,
  kind TEXT NOT NULL,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  line BLOB NOT NULL
) STRICT;
CREATE INDEX custody_object ON custody (object, seq);

-- One row a transaction: the digests of the bound rows it changed and the peaks of the log's tree, chained over its
-- last custody entry.
CREATE TABLE bindings (
  seq INTEGER PRIMARY KEY,
  peaks BLOB NOT NULL,
  bound BLOB NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;

-- Signed checkpoints of the log, by its size.
CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL CHECK (length(root) = 32),
  made_at TEXT NOT NULL,
  note BLOB NOT NULL
) STRICT;

-- Bound.  Files in the attachments folder; without its key here a file cannot be read again.
CREATE TABLE attachments (
  attachment_id TEXT PRIMARY KEY,
  key BLOB NOT NULL CHECK (length(key) = 32),
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  stored_size INTEGER NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
CREATE INDEX attachments_digest ON attachments (sha256);

-- Bound.  What a version of a record refers to: one attachment may be an exhibit of several.
CREATE TABLE exhibits (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
  position INTEGER NOT NULL CHECK (position >= 0),
  attachment_id TEXT NOT NULL REFERENCES attachments (attachment_id),
  control_number TEXT UNIQUE,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  original_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  extension TEXT NOT NULL,
  derived_from TEXT,
  UNIQUE (record_id, version, position)
) STRICT;
CREATE INDEX exhibits_attachment ON exhibits (attachment_id);

-- Bound.  Cards of bodies, devices and people whose digits were compared by voice or on paper, or that a roster vouches for.
CREATE TABLE contacts (
  code TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
  compared_at TEXT NOT NULL,
  vouched_by TEXT NOT NULL,
  card BLOB NOT NULL
) STRICT;

-- Bound.  Rosters as organisations signed them; the highest number of each is in force.  `own` marks the organisation
-- that this device works for, `overruled` what of its dates a person decided to pass over.
CREATE TABLE rosters (
  organisation TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 1),
  own INTEGER NOT NULL CHECK (own IN (0, 1)),
  accepted_at TEXT NOT NULL,
  overruled TEXT NOT NULL,
  card BLOB NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (organisation, number)
) STRICT;

-- Bound.  Approvals of second persons, by the digest of what exactly they saw.
CREATE TABLE approvals (
  digest TEXT NOT NULL,
  approver TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (digest, approver)
) STRICT;

-- Bound.  What a person decided about each span of a record for one body: the newest state of each walk, places only.
CREATE TABLE redactions (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  purpose TEXT NOT NULL,
  profile TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (record_id, version, body, purpose, profile)
) STRICT;

-- Bound.  Marks that a redactor set on finished versions of a record, all of one record in one row.
CREATE TABLE redactor_marks (
  record_id TEXT PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- Bound.  Paragraphs, from 0, of finished versions that no body sees any more (C12).
CREATE TABLE restrictions (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  paragraph INTEGER NOT NULL CHECK (paragraph >= 0),
  UNIQUE (record_id, version, paragraph)
) STRICT;

-- Bound.  Bundles that this vault sealed, or began to seal.
CREATE TABLE bundles (
  bundle_id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  purpose TEXT NOT NULL,
  profile TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('building', 'sealed', 'abandoned')),
  records INTEGER NOT NULL,
  withheld INTEGER NOT NULL,
  sealed_at TEXT NOT NULL,
  previous_bundle_id TEXT,
  custody_size INTEGER NOT NULL,
  sha256 TEXT,
  size INTEGER,
  file_name TEXT
) STRICT;
CREATE INDEX bundles_fingerprint ON bundles (fingerprint, custody_size);

-- Bound.  Which version of which record went into which bundle.
CREATE TABLE bundle_records (
  bundle_id TEXT NOT NULL REFERENCES bundles (bundle_id),
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  root BLOB NOT NULL,
  outcome TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  file_sha256 TEXT NOT NULL,
  history BLOB NOT NULL,
  shown BLOB NOT NULL,
  PRIMARY KEY (bundle_id, record_id)
) STRICT;
CREATE INDEX bundle_records_record ON bundle_records (record_id);

-- Bound.  Bundles taken in.
CREATE TABLE received_bundles (
  bundle_id TEXT PRIMARY KEY,
  sender TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  state TEXT NOT NULL,
  received_at TEXT NOT NULL,
  custody_origin TEXT NOT NULL,
  custody_size INTEGER NOT NULL,
  custody_root BLOB NOT NULL,
  custody_growth BLOB NOT NULL,
  statement BLOB NOT NULL,
  conditions TEXT NOT NULL,
  signer_card BLOB NOT NULL,
  receipt BLOB
) STRICT;

-- Bound.  Records taken in, as they were disclosed to us.  No id is used twice, not even that of an erased row: notices
-- say by it which records were here before them.
CREATE TABLE received_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  disclosure_sha256 TEXT NOT NULL,
  bundle_id TEXT NOT NULL REFERENCES received_bundles (bundle_id),
  sender TEXT NOT NULL,
  received_at TEXT NOT NULL,
  control_number TEXT NOT NULL,
  case_code TEXT,
  interviewed_on TEXT,
  place TEXT,
  language TEXT,
  root BLOB NOT NULL CHECK (length(root) = 32),
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  pq_signature BLOB NOT NULL,
  disclosure BLOB NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (record_id, version, sender, disclosure_sha256)
) STRICT;

-- Bound.  Companions taken in with their records, as they were disclosed to us.
CREATE TABLE received_companions (
  id INTEGER PRIMARY KEY,
  companion_id TEXT NOT NULL,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  control_number TEXT NOT NULL,
  sender TEXT NOT NULL,
  bundle_id TEXT NOT NULL REFERENCES received_bundles (bundle_id),
  disclosure_sha256 TEXT NOT NULL,
  head BLOB NOT NULL,
  signature BLOB NOT NULL,
  pq_signature BLOB NOT NULL,
  disclosure BLOB NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (companion_id, sender, disclosure_sha256)
) STRICT;
CREATE INDEX received_companions_record ON received_companions (record_id, version);

-- Bound.  Disclosure requests: those that this vault made, and those that bodies sent to it.
CREATE TABLE disclosure_requests (
  request_id TEXT PRIMARY KEY,
  origin TEXT NOT NULL CHECK (origin IN ('own', 'received')),
  bundle_id TEXT NOT NULL,
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  at TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;

-- Bound.  Receipts that came back for our bundles.
CREATE TABLE receipts (
  bundle_id TEXT NOT NULL,
  receiver TEXT NOT NULL,
  received_at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  custody_size INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (bundle_id, receiver)
) STRICT;

-- Bound.  Notices of withdrawal that this vault made, one for each body that holds the record already.
CREATE TABLE issued_notices (
  digest TEXT PRIMARY KEY,
  record_id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;

-- Bound.  Notices of withdrawal that came in; `newest` is the id of the last received record then.
CREATE TABLE notices (
  digest TEXT PRIMARY KEY,
  record_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  asks TEXT NOT NULL CHECK (asks IN ('stop-sharing', 'remove-name', 'erase')),
  purpose TEXT,
  claimed_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  newest INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX notices_record ON notices (record_id);

-- Bound.  The bundles that a notice names, whether they have arrived or not.
CREATE TABLE notice_bundles (
  digest TEXT NOT NULL REFERENCES notices (digest),
  bundle_id TEXT NOT NULL,
  PRIMARY KEY (digest, bundle_id)
) STRICT;
CREATE INDEX notice_bundles_bundle ON notice_bundles (bundle_id);

-- Bound.  Outside things about this log, each with the entry that took it in.
CREATE TABLE anchors (
  digest TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'cosignature', 'token')),
  giver TEXT NOT NULL,
  custody_size INTEGER NOT NULL,
  at TEXT NOT NULL,
  entry INTEGER NOT NULL,
  object TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;

-- Bound.  Heads of colleagues' logs that this vault cosigned, and what it answered.
CREATE TABLE cosigned_heads (
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  cosignature BLOB NOT NULL,
  PRIMARY KEY (origin, size)
) STRICT;

-- Bound.  Requests to a time-stamp authority that went out on a stick.
CREATE TABLE time_requests (
  imprint TEXT PRIMARY KEY,
  custody_size INTEGER NOT NULL,
  nonce BLOB NOT NULL
) STRICT;

-- Bound.  What stays of an erased record, finished here or received.
CREATE TABLE tombstones (
  record_id TEXT PRIMARY KEY,
  control_number TEXT NOT NULL,
  version INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  erased_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX tombstones_page ON tombstones (erased_at);

-- Search: which row of the two indexes is which paragraph.  Rebuilt from the records whenever wanted.
CREATE TABLE search_paragraphs (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL CHECK (origin IN ('own', 'received')),
  record_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  source INTEGER NOT NULL,
  paragraph INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX search_paragraphs_record ON search_paragraphs (record_id, version);
CREATE VIRTUAL TABLE search_words USING fts5(words, stems, content='', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE search_names USING fts5(names, content='', tokenize='unicode61 remove_diacritics 2');
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);
INSERT INTO search_names (search_names, rank) VALUES ('secure-delete', 1);

CREATE INDEX records_page ON records (finished_at, id);
CREATE INDEX received_records_page ON received_records (received_at, id);
CREATE INDEX received_records_bundle ON received_records (bundle_id, record_id);
