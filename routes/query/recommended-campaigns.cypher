// Campaigns that a user has not taken part in and users alike have. For $user_id one row with the list 'answer', best first, equal scores
// by name, at most $limit; no row for an unknown user. The score is the sum over the others of the share of the user's campaigns that
// they took part in; the path leads through the one who shares most.
MATCH (me:User {user_id: $user_id})
USING INDEX SEEK me:User(user_id)
WHERE EXISTS { (me)-[:PERFORMED]->(:Event) }
RETURN COLLECT {
  OPTIONAL MATCH (me)-[:PARTICIPATED_IN]->(c:Campaign)
  WITH me, collect(DISTINCT c) AS mine
  UNWIND mine AS shared
  MATCH (shared)<-[:PARTICIPATED_IN]-(other:User)
  WHERE other <> me
  WITH me, mine, other, count(DISTINCT shared) AS both, min(shared.campaign) AS shared
  MATCH (other)-[:PARTICIPATED_IN]->(next:Campaign)
  WHERE NOT next IN mine
  WITH DISTINCT me, mine, next, other, both, shared ORDER BY both DESC, other.user_id
  WITH me, next, sum(1.0 * both / size(mine)) AS score, count(other) AS users, collect({other: other.user_id, shared: shared})[0] AS best
  RETURN {
    campaign: next.campaign,
    score: round(score, 4),
    users: users,
    path: {
      through: 'users',
      nodes: [
        {label: 'User', id: me.user_id}, {label: 'Campaign', id: best.shared}, {label: 'User', id: best.other}, {label: 'Campaign', id: next.campaign}
      ],
      relationships: ['PARTICIPATED_IN', 'PARTICIPATED_IN', 'PARTICIPATED_IN']
    }
  }
  ORDER BY round(score, 4) DESC, next.campaign LIMIT $limit
} AS answer
