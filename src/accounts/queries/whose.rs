//! Whose companies a list shows: what `rules::may` decides about one company by its owner, said to the database.

use diesel::prelude::*;

use super::teams;
use crate::accounts::model::{Actor, Role};
use crate::platform::db::Conn;
use crate::schema::users;

/// Whose companies, and what belongs to them, somebody looks after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's: the office is one team.
    Everybodys,
    /// What these users have, and what nobody has.
    Team(Vec<i64>),
    /// What this user has.
    Own(i64),
}

impl Whose {
    /// A manager looks after the own team's, everybody else after their own.
    pub fn of(conn: &mut Conn, actor: &Actor) -> QueryResult<Self> {
        if !actor.roles.has(Role::Manager) {
            return Ok(Self::Own(actor.id()));
        }
        // In one team nobody needs to look at owners.
        match teams(conn)?.is_empty() {
            true => Ok(Self::Everybodys),
            false => Ok(Self::Team(team_mates(conn, actor.team_id)?)),
        }
    }

    /// The condition on a column that says who has something.
    pub fn condition(&self, owner: &str) -> String {
        match self {
            Self::Everybodys => "1 = 1".to_owned(),
            // Even a team without anybody looks after what nobody has.
            Self::Team(users) if users.is_empty() => format!("{owner} IS NULL"),
            Self::Team(users) => {
                let ids: Vec<String> = users.iter().map(i64::to_string).collect();
                format!("({owner} IS NULL OR {owner} IN ({}))", ids.join(","))
            }
            Self::Own(id) => format!("{owner} = {id}"),
        }
    }

    /// Whether what a user has is among it.
    pub fn includes(&self, user_id: i64) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Team(users) => users.contains(&user_id),
            Self::Own(id) => *id == user_id,
        }
    }

    /// Whether it is more than one's own.
    pub fn is_managers(&self) -> bool {
        !matches!(self, Self::Own(_))
    }
}

/// The users of a team; none is the office's own.
fn team_mates(conn: &mut Conn, team_id: Option<i64>) -> QueryResult<Vec<i64>> {
    let mut all: Vec<(i64, Option<i64>)> = users::table
        .select((users::id, users::team_id))
        .order(users::id)
        .load(conn)?;
    all.retain(|(_, team)| *team == team_id);
    Ok(all.into_iter().map(|(id, _)| id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_leaves_a_team_what_nobody_has() {
        let said = |whose: Whose| whose.condition("c.owner_id");
        assert_eq!(said(Whose::Everybodys), "1 = 1");
        assert_eq!(
            said(Whose::Team(vec![3, 7])),
            "(c.owner_id IS NULL OR c.owner_id IN (3,7))"
        );
        assert_eq!(said(Whose::Team(Vec::new())), "c.owner_id IS NULL");
        assert_eq!(said(Whose::Own(7)), "c.owner_id = 7");
    }

    #[test]
    fn a_team_includes_its_own() {
        assert!(Whose::Everybodys.includes(9));
        assert!(Whose::Team(vec![3, 7]).includes(7));
        assert!(!Whose::Team(vec![3, 7]).includes(9));
        assert!(!Whose::Own(7).includes(9));
    }
}
