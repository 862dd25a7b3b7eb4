//! `canvass token`: makes API tokens. Works while the server runs.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Common;
use crate::accounts::{self, Actor};
use crate::platform::clock;

#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token and print it, alone on its line; it is shown only this once
    Add {
        /// E-mail address of the user in whose name the token acts
        #[arg(long, env = "CANVASS_USER")]
        user: String,
        /// What the token is for
        #[arg(long, env = "CANVASS_TOKEN_NAME")]
        name: String,
    },
}

pub(super) fn run(common: &Common, args: &TokenArgs) -> anyhow::Result<()> {
    let What::Add { user, name } = &args.what;
    let (email, name) = (user.clone(), name.clone());
    let token = common.open()?.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let user = accounts::find_user(conn, &email)?;
        accounts::make_token(conn, now, &Actor::system(), user.id, &name)
    })?;
    if common.json {
        println!("{}", json!({ "token": token }));
    } else {
        println!("{token}");
    }
    Ok(())
}
