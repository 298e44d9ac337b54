// The clubs of a user and what they chose, the latest first. For $user_id one row with the list 'answer', by id, at most $limit; no row
// for an unknown user.
MATCH (me:User {_id: $user_id})
USING INDEX SEEK me:User(_id)
WHERE NOT me:Pending
RETURN COLLECT {
  MATCH (me)-[member:MEMBER_OF_CLUB]->(club:Club)
  WHERE NOT club:Pending
  WITH member, club ORDER BY club._id LIMIT $limit
  RETURN {
    club_id: club._id,
    name: club.name,
    role: member.role,
    is_active: member.is_active,
    books: COLLECT {
      MATCH (club)-[choice:SELECTED_FOR_PERIOD]->(book:Book)
      WHERE NOT book:Pending
      WITH book, choice.startdate AS at ORDER BY coalesce(at, datetime({epochMillis: 0})) DESC, book._id LIMIT 5
      RETURN {book_id: book._id, title: book.title}
    }
  }
  ORDER BY club._id
} AS answer
