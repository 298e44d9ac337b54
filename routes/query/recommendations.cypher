// Books that a user may like and has not read, each with a path for every way that leads to it: readers alike, clubs, genres, vectors.
// For $user_id one row with the list 'answer', best first, equal scores by id, at most $limit; no row for an unknown user.
// Of a path: nodes by label and id, and the types of the relationships between; a version on the way from a user to a book is left out.
// The hint: a plan made while the graph was all but empty scans every user until the next one.
MATCH (me:User {_id: $user_id})
USING INDEX SEEK me:User(_id)
WHERE NOT me:Pending
RETURN COLLECT {
  OPTIONAL MATCH (me)-[:USER_READ]->(:BookVersion)-[:VERSION_OF]->(read:Book)
  WITH me, collect(DISTINCT read) AS mine
  WITH me, mine,
    COLLECT { MATCH (me)-[:PREFERS_GENRE]->(genre:Genre) RETURN DISTINCT genre } AS preferred,
    COLLECT { MATCH (me)-[:AVOIDS_GENRE]->(genre:Genre) RETURN DISTINCT genre } AS avoided
  // the best of those that readers, clubs or vectors lead to: as many as there are readers alike, whatever the graph holds besides
  WITH me, mine, preferred, avoided, COLLECT {
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
      RETURN book, [1.0 * shares / all, 'readers', best[2], best[1]] AS way
      UNION ALL
      // a half for each club that chose it
      WITH me
      MATCH (me)-[:MEMBER_OF_CLUB]->(club:Club)-[:SELECTED_FOR_PERIOD]->(book:Book)
      RETURN book, [0.5 * count(DISTINCT club), 'clubs', min(club._id)] AS way
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
      RETURN book, [-best[0], 'vectors', best[1]] AS way
    }
    WITH book, collect(way) AS ways
    WHERE NOT book IN mine AND NOT book:Pending
    // a quarter for each genre that the user prefers
    WITH book, ways, COLLECT { MATCH (book)-[:HAS_GENRE]->(genre) WHERE genre IN preferred RETURN DISTINCT genre._id } AS genres
    WITH book, ways, genres, round(reduce(score = 0.25 * size(genres), way IN ways | score + way[0]), 4) AS score
    ORDER BY score DESC, book._id
    WHERE NOT EXISTS { MATCH (book)-[:HAS_GENRE]->(genre) WHERE genre IN avoided }
    RETURN {book: book, score: score, ways: ways, genres: genres} LIMIT $limit
  } AS best
  CALL {
    WITH best
    UNWIND best AS one
    RETURN one.book AS book, one.score AS score, one.ways AS ways, one.genres AS genres
    UNION ALL
    // those that genres alone lead to: all of a genre are looked at, so only where they could be among the best
    WITH mine, preferred, avoided, best
    WITH mine, preferred, avoided, best, CASE WHEN size(best) < $limit THEN 0 ELSE best[-1].score END AS least
    WHERE 0.25 * size(preferred) >= least
    UNWIND preferred AS genre
    MATCH (genre)<-[:HAS_GENRE]-(book:Book)
    WITH mine, avoided, best, least, book, collect(DISTINCT genre._id) AS genres
    WHERE 0.25 * size(genres) >= least AND NOT book IN mine AND NOT book:Pending AND NOT book IN [one IN best | one.book]
    WITH avoided, book, genres ORDER BY size(genres) DESC, book._id
    WHERE NOT EXISTS { MATCH (book)-[:HAS_GENRE]->(genre) WHERE genre IN avoided }
    RETURN book, 0.25 * size(genres) AS score, [] AS ways, genres LIMIT $limit
  }
  WITH me, book, score, ways, genres ORDER BY score DESC, book._id LIMIT $limit
  RETURN {
    book_id: book._id,
    title: book.title,
    score: score,
    paths: COLLECT {
      UNWIND CASE genres WHEN [] THEN ways ELSE ways + [[0.25 * size(genres), 'genres', reduce(first = genres[0], id IN genres | CASE WHEN id < first THEN id ELSE first END)]] END AS way
      WITH way ORDER BY way[0] DESC, way[1]
      RETURN {
        through: way[1],
        nodes: [{label: 'User', id: me._id}] + CASE way[1]
          WHEN 'readers' THEN [{label: 'Book', id: way[2]}, {label: 'User', id: way[3]}]
          WHEN 'clubs' THEN [{label: 'Club', id: way[2]}]
          WHEN 'genres' THEN [{label: 'Genre', id: way[2]}]
          ELSE [{label: 'Book', id: way[2]}]
        END + [{label: 'Book', id: book._id}],
        relationships: CASE way[1]
          WHEN 'readers' THEN ['USER_READ', 'USER_READ', 'USER_READ']
          WHEN 'clubs' THEN ['MEMBER_OF_CLUB', 'SELECTED_FOR_PERIOD']
          WHEN 'genres' THEN ['PREFERS_GENRE', 'HAS_GENRE']
          ELSE ['USER_READ', 'SIMILAR_DESCRIPTION']
        END
      }
    }
  } ORDER BY score DESC, book._id
} AS answer
