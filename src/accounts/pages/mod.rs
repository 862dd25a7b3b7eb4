//! Pages of accounts: log-in, first run, one's own account, and the users of the office.

mod access;
mod account;
mod first_run;
mod login;
mod reset;
mod teams;
mod users;

use actix_web::web::{self, ServiceConfig};

use crate::platform::error::{AppError, Refusal};
use crate::platform::i18n::Lang;
use crate::platform::problem;

/// Routes of this area. Fixed names stand before `{id}`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/first-run")
                .route(web::get().to(first_run::show))
                .route(web::head().to(first_run::show))
                .route(web::post().to(first_run::make)),
        )
        .service(
            web::resource("/login")
                .route(web::get().to(login::show))
                .route(web::head().to(login::show))
                .route(web::post().to(login::log_in)),
        )
        .route("/logout", web::post().to(login::log_out))
        .service(
            web::resource("/reset/{token}")
                .route(web::get().to(reset::show))
                .route(web::head().to(reset::show))
                .route(web::post().to(reset::set)),
        )
        .service(
            web::resource("/account")
                .route(web::get().to(account::show))
                .route(web::head().to(account::show))
                .route(web::post().to(account::rename)),
        )
        .route(
            "/account/password",
            web::post().to(account::change_password),
        )
        .route("/account/look", web::post().to(account::set_look))
        .route(
            "/account/sessions/end",
            web::post().to(account::end_sessions),
        )
        .route("/account/tokens", web::post().to(account::make_token))
        .route(
            "/account/tokens/{id}/revoke",
            web::post().to(account::revoke_token),
        )
        .service(
            web::resource("/users")
                .route(web::get().to(users::list))
                .route(web::head().to(users::list))
                .route(web::post().to(users::add)),
        )
        .service(
            web::resource("/users/new")
                .route(web::get().to(users::new))
                .route(web::head().to(users::new)),
        )
        .service(
            web::resource("/users/access")
                .route(web::get().to(access::show))
                .route(web::head().to(access::show)),
        )
        .service(
            web::resource("/users/{id}")
                .route(web::get().to(users::edit))
                .route(web::head().to(users::edit))
                .route(web::post().to(users::save)),
        )
        .route("/teams", web::post().to(teams::add))
        .route("/teams/{id}", web::post().to(teams::rename))
        .route("/users/{id}/on", web::post().to(users::switch_on))
        .route("/users/{id}/reset", web::post().to(users::reset))
        .route(
            "/users/{id}/tokens/{token}/revoke",
            web::post().to(users::revoke_token),
        );
}

/// What is wrong with a form, told beside the field it is about.
#[derive(Debug, Default)]
struct Fault {
    field: String,
    text: String,
}

impl Fault {
    /// The sentence for the field `name`, if it is that one.
    fn at(&self, name: &str) -> Option<&str> {
        (self.field == name).then_some(self.text.as_str())
    }
    /// The sentence, whatever field it is about.
    fn any(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(self.text.as_str())
    }
    fn new(lang: Lang, refusal: &Refusal) -> Self {
        let field = refusal.args.iter().find(|(name, _)| *name == "field");
        let told = problem::tell(lang, refusal);
        Self {
            field: field.map(|(_, value)| value.clone()).unwrap_or_default(),
            text: format!("{}{}{}", told.text, gap(lang), told.remedy),
        }
    }
}

/// Sentences stand apart by a space in English only.
fn gap(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "",
        Lang::En => " ",
    }
}

/// A refusal that belongs beside a field; faults and refusals of another kind go on to the error page.
fn beside(lang: Lang, error: AppError) -> Result<Fault, AppError> {
    match error.refusal() {
        Some(refusal) if refusal.args.iter().any(|(name, _)| *name == "field") => {
            Ok(Fault::new(lang, refusal))
        }
        _ => Err(error),
    }
}
