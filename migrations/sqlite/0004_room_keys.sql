-- Rooms that stand for a chat are compared in Unicode NFKC and without case. room_key() is the program's own: a later version
-- of it must give the same keys, or come with a migration. Where several rooms have one key by now, one gets it and the others
-- keep the key that they have, their name in lower case.
UPDATE OR IGNORE rooms SET name_key = room_key(name) WHERE name_key LIKE '#0^_%' ESCAPE '^';
