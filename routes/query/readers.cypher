// Who reads or read a book, in whatever version. For $book_id one row with the list 'answer': best rating first, then by id, at most
// $limit; no row for an unknown book. Of more than one version, the status is that of the latest start.
MATCH (book:Book {_id: $book_id})
USING INDEX SEEK book:Book(_id)
WHERE NOT book:Pending
RETURN COLLECT {
  MATCH (book)<-[:VERSION_OF]-(version:BookVersion)<-[read:USER_READ]-(user:User)
  WHERE NOT user:Pending
  WITH user, version, read ORDER BY coalesce(read.most_recent_start, datetime({epochMillis: 0})) DESC, version._id
  WITH user, collect(read.status)[0] AS status, round(avg(read.avg_rating), 4) AS rating
  RETURN {user_id: user._id, status: status, rating: rating}
  ORDER BY coalesce(rating, -1) DESC, user._id LIMIT $limit
} AS answer
