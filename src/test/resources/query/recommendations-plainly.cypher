// The plain statement: every way to every book first, then their sum. RecommendationsTest holds that of the query API to its answers.
// Books that a user may like and has not read, each with a path for every way that leads to it: readers alike, clubs, genres, vectors.
// For $user_id one row with the list 'answer', best first, equal scores by id, at most $limit; no row for an unknown user.
// Of a path: nodes by label and id, and the types of the relationships between; a version on the way from a user to a book is left out.
MATCH (me:User {_id: $user_id})
WHERE NOT me:Pending
RETURN COLLECT {
  OPTIONAL MATCH (me)-[:USER_READ]->(:BookVersion)-[:VERSION_OF]->(read:Book)
  WITH me, collect(DISTINCT read) AS mine
  CALL {
    // each of the ten readers who share most books gives theirs the share that they know of the user's
    WITH me, mine
    UNWIND mine AS shared
    MATCH (shared)<-[:VERSION_OF]-(:BookVersion)<-[:USER_READ]-(other:User)
    WITH size(mine) AS all, other, count(DISTINCT shared) AS both, min(shared._id) AS by, me
    WHERE other <> me AND NOT other:Pending
    ORDER BY both DESC, other._id LIMIT 10
    MATCH (other)-[how:USER_READ]->(:BookVersion)-[:VERSION_OF]->(book:Book)
    WHERE how.status IN ['Read', 'Reading']
    WITH DISTINCT other, both, by, book, all
    WITH book, all, sum(both) AS shares, min([-both, other._id, by]) AS best // of most shared books, then by id
    RETURN book, 1.0 * shares / all AS score, 'readers' AS through,
      [{label: 'Book', id: best[2]}, {label: 'User', id: best[1]}] AS via
    UNION ALL
    // a half for each club that chose it
    WITH me
    MATCH (me)-[:MEMBER_OF_CLUB]->(club:Club)-[:SELECTED_FOR_PERIOD]->(book:Book)
    RETURN book, 0.5 * count(DISTINCT club) AS score, 'clubs' AS through, [{label: 'Club', id: min(club._id)}] AS via
    UNION ALL
    // a quarter for each genre that the user prefers
    WITH me
    MATCH (me)-[:PREFERS_GENRE]->(genre:Genre)<-[:HAS_GENRE]-(book:Book)
    RETURN book, 0.25 * count(DISTINCT genre) AS score, 'genres' AS through, [{label: 'Genre', id: min(genre._id)}] AS via
    UNION ALL
    // the cosine with the nearest of the three books that the user rated best, of late; where there is a vector, there is an index
    WITH me
    MATCH (me)-[how:USER_READ {status: 'Read'}]->(:BookVersion)-[:VERSION_OF]->(liked:Book)
    WITH liked, max(coalesce(how.avg_rating, 0.0)) AS rating,
      max(coalesce(how.most_recent_read, datetime({epochMillis: 0}))) AS at
    ORDER BY rating DESC, at DESC, liked._id
    WITH liked WHERE liked.description_embedding IS NOT NULL
    WITH liked LIMIT 3
    CALL db.index.vector.queryNodes('book_description_vector', 10, liked.description_embedding) YIELD node AS book, score
    WHERE score > 0.5
    WITH book, min([1 - 2 * score, liked._id]) AS best
    RETURN book, -best[0] AS score, 'vectors' AS through, [{label: 'Book', id: best[1]}] AS via
  }
  WITH me, mine, book, score, through, via ORDER BY score DESC, through
  WITH me, mine, book, round(sum(score), 4) AS score, collect([through, via]) AS ways
  WHERE NOT book IN mine AND NOT book:Pending
  WITH me, book, score, ways ORDER BY score DESC, book._id
  WHERE NOT EXISTS { (me)-[:AVOIDS_GENRE]->(:Genre)<-[:HAS_GENRE]-(book) }
  WITH me, book, score, ways LIMIT $limit
  RETURN {
    book_id: book._id,
    title: book.title,
    score: score,
    paths: [way IN ways | {
      through: way[0],
      nodes: [{label: 'User', id: me._id}] + way[1] + [{label: 'Book', id: book._id}],
      relationships: CASE way[0]
        WHEN 'readers' THEN ['USER_READ', 'USER_READ', 'USER_READ']
        WHEN 'clubs' THEN ['MEMBER_OF_CLUB', 'SELECTED_FOR_PERIOD']
        WHEN 'genres' THEN ['PREFERS_GENRE', 'HAS_GENRE']
        ELSE ['USER_READ', 'SIMILAR_DESCRIPTION']
      END
    }]
  } ORDER BY score DESC, book._id
} AS answer
