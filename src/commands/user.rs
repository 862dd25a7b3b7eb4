//! `canvass user`: adds, lists, switches off users, and gives one-time links. Works while the server runs.

use std::io::Read;

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde_json::json;

use super::Common;
use crate::accounts::{self, Account, Actor, Roles, User};
use crate::flows::switch_off_user::switch_off_user;
use crate::platform::clock;
use crate::platform::error::{AppError, AppResult};

/// Where a link leads when nobody said by which address the server is reached.
const LOCAL_URL: &str = "http://127.0.0.1:8080";

#[derive(Debug, Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    what: What,
    /// Address for one-time links [default: http://127.0.0.1:8080]
    #[arg(long, env = "CANVASS_PUBLIC_URL", global = true)]
    public_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a user; without --password-stdin a one-time link is printed, by which they choose their password
    Add {
        /// Log-in name
        #[arg(long, env = "CANVASS_USER_EMAIL")]
        email: String,
        /// admin, manager, marketing, agent, rep; several by comma
        #[arg(long, env = "CANVASS_USER_ROLE")]
        role: String,
        /// Full name [default: the part of the address before the @]
        #[arg(long, env = "CANVASS_USER_NAME")]
        name: Option<String>,
        /// Read the password from standard input
        #[arg(long, env = "CANVASS_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
        password_stdin: bool,
    },
    /// List the users
    List,
    /// Switch a user off: log-ins and tokens end at once
    Disable {
        /// E-mail address of the user
        email: String,
    },
    /// Print a one-time link by which the user chooses a new password
    Reset {
        /// E-mail address of the user
        email: String,
    },
}

pub(super) fn run(common: &Common, args: &UserArgs) -> anyhow::Result<()> {
    let base = args.public_url.as_deref().unwrap_or(LOCAL_URL);
    let base = base.trim_end_matches('/');
    match &args.what {
        What::Add {
            email,
            role,
            name,
            password_stdin,
        } => {
            let account = account(email, role, name.as_deref())?;
            let password = password_stdin.then(read_password).transpose()?;
            add(common, base, account, password)
        }
        What::List => list(common),
        What::Disable { email } => disable(common, email),
        What::Reset { email } => reset(common, base, email),
    }
}

fn account(email: &str, roles: &str, name: Option<&str>) -> AppResult<Account> {
    let email = accounts::clean_email(email)?;
    let unknown = |role| AppError::bad_request("role_unknown").with("role", role);
    let roles = Roles::parse(roles).map_err(unknown)?;
    if roles == Roles::default() {
        return Err(AppError::invalid("roles_empty", "role"));
    }
    let local = email.split('@').next().unwrap_or_default();
    let name = accounts::clean_name(name.unwrap_or(local))?;
    Ok(Account { email, name, roles })
}

/// One line; the line's end is no part of the password.
fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(10_000).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn add(
    common: &Common,
    base: &str,
    account: Account,
    password: Option<String>,
) -> anyhow::Result<()> {
    let hash = match &password {
        Some(password) => {
            accounts::check_password(password, &account.email)?;
            Some(accounts::hash_blocking(password)?)
        }
        None => None,
    };
    let email = account.email.clone();
    let (id, token) = common.open()?.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let actor = Actor::system();
        let id = accounts::add_user(conn, now, &actor, &account, hash.as_deref())?;
        let token = match hash {
            Some(_) => None,
            None => Some(accounts::make_reset_link(conn, now, &actor, id)?),
        };
        Ok::<_, AppError>((id, token))
    })?;
    let link = token.map(|token| format!("{base}/reset/{token}"));
    if common.json {
        println!("{}", json!({ "id": id, "email": email, "link": link }));
        return Ok(());
    }
    println!("added {email}");
    if let Some(link) = link {
        println!("one-time link, for 24 hours: {link}");
    }
    Ok(())
}

fn list(common: &Common) -> anyhow::Result<()> {
    let users = common.open()?.read_blocking(accounts::list_users)?;
    if common.json {
        let rows: Vec<_> = users
            .iter()
            .map(|(user, seen)| {
                json!({
                    "id": user.id, "email": user.email, "name": user.name, "roles": roles(user),
                    "enabled": user.disabled_at.is_none(), "has_password": user.password_hash.is_some(),
                    "last_seen": seen.map(|at| format!("{}Z", at.format("%Y-%m-%dT%H:%M:%S"))),
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return Ok(());
    }
    for (user, _) in &users {
        let state = match (&user.disabled_at, &user.password_hash) {
            (Some(_), _) => "off",
            (None, None) => "no password yet",
            (None, Some(_)) => "on",
        };
        let roles = roles(user).join(",");
        println!("{}\t{}\t{roles}\t{state}", user.email, user.name);
    }
    Ok(())
}

fn roles(user: &User) -> Vec<&'static str> {
    user.actor().roles.iter().map(|role| role.code()).collect()
}

fn disable(common: &Common, email: &str) -> anyhow::Result<()> {
    let email = email.to_owned();
    let user = common.open()?.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let user = accounts::find_user(conn, &email)?;
        switch_off_user(conn, now, &Actor::system(), user.id)
    })?;
    if common.json {
        println!(
            "{}",
            json!({ "id": user.id, "email": user.email, "enabled": false })
        );
    } else {
        println!("switched off {}", user.email);
    }
    Ok(())
}

fn reset(common: &Common, base: &str, email: &str) -> anyhow::Result<()> {
    let email = email.to_owned();
    let token = common.open()?.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let user = accounts::find_user(conn, &email)?;
        accounts::make_reset_link(conn, now, &Actor::system(), user.id)
    })?;
    let link = format!("{base}/reset/{token}");
    if common.json {
        println!("{}", json!({ "link": link }));
    } else {
        println!("{link}");
    }
    Ok(())
}
