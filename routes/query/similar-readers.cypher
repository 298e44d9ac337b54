// The users who know most books that a user knows, with these books. For $user_id one row with the list 'answer', most first, equal ones
// by id, at most $limit; no row for an unknown user. The score is the share of the books of both that both know.
MATCH (me:User {_id: $user_id})
USING INDEX SEEK me:User(_id)
WHERE NOT me:Pending
RETURN COLLECT {
  MATCH (me)-[:USER_READ]->(:BookVersion)-[:VERSION_OF]->(read:Book)
  WITH me, collect(DISTINCT read) AS mine
  UNWIND mine AS book
  MATCH (book)<-[:VERSION_OF]-(:BookVersion)<-[:USER_READ]-(other:User)
  WHERE other <> me AND NOT other:Pending
  WITH DISTINCT mine, other, book ORDER BY book._id
  WITH mine, other, collect(book) AS shared ORDER BY size(shared) DESC, other._id LIMIT $limit
  WITH other, shared, size(mine) + COUNT { MATCH (other)-[:USER_READ]->(:BookVersion)-[:VERSION_OF]->(b:Book) RETURN DISTINCT b } AS all
  RETURN {
    user_id: other._id,
    shared_books: size(shared),
    score: round(1.0 * size(shared) / (all - size(shared)), 4),
    books: [b IN shared[0..5] | {book_id: b._id, title: b.title}]
  }
  ORDER BY size(shared) DESC, other._id
} AS answer
