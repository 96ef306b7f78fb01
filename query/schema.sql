-- One version file. Codes are numbers local to the file: code(dim, n, code, text) says what they mean, and text is
-- what stood in the source, so every row can be traced to its original without storing the text again.
CREATE TABLE {db}.meta (key VARCHAR NOT NULL, value VARCHAR);
CREATE TABLE {db}.dataset (field VARCHAR NOT NULL, value VARCHAR);
CREATE TABLE {db}.code (dim VARCHAR NOT NULL, n USMALLINT NOT NULL, code VARCHAR NOT NULL, text VARCHAR);
CREATE TABLE {db}.leg ("row" BIGINT, seq USMALLINT, role USMALLINT, place USMALLINT);
CREATE TABLE {db}.subject (indicator USMALLINT, observations BIGINT, subjects BIGINT);
CREATE TABLE {db}.finding (severity VARCHAR, file VARCHAR, sheet VARCHAR, "row" BIGINT, "column" VARCHAR,
  count BIGINT, what VARCHAR, "do" VARCHAR, kind VARCHAR); -- kind since schema 2
-- Rows held back, and the columns of the file their cells belong to; since schema 2.
CREATE TABLE {db}.held ("row" BIGINT, "column" VARCHAR, what VARCHAR, why VARCHAR, subject UBIGINT, cells VARCHAR[]);
CREATE TABLE {db}.source_column (n INTEGER, name VARCHAR);
CREATE TABLE {db}.observation ({columns});
-- Large files of records have tables cube1, cube2 and so on as well: see cube.go. meta says which, under cubes.
-- So may they have a table again: see again.go.
-- A value with several codes ("LAB+SEX") is one code of the table; multi takes it apart.
CREATE VIEW {db}.multi AS
  SELECT v."row", v.dim, unnest(string_split(c.code, '+')) AS code
  FROM (UNPIVOT (SELECT source_row AS "row", {multi} FROM observation) ON COLUMNS(* EXCLUDE "row") INTO NAME dim VALUE n) v
  JOIN code c ON c.dim = v.dim AND c.n = v.n
  WHERE contains(c.code, '+') OR v.dim IN ({extra});
CREATE VIEW {db}.original AS
  SELECT v."row", v.dim, c.code, c.text
  FROM (UNPIVOT (SELECT source_row AS "row", {multi} FROM observation) ON COLUMNS(* EXCLUDE "row") INTO NAME dim VALUE n) v
  JOIN code c ON c.dim = v.dim AND c.n = v.n
  WHERE c.text <> '';
