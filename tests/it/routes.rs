//! Every route and who may use it. A route that is not in this table fails the test in `access.rs`.
//!
//! Add a row for each new route: method, path as the source writes it (without patterns), who may. Rows of the API
//! stand in `templates/openapi.json` as well.

/// Everybody, also without log-in.
pub const ANYONE: &str = "anyone";
/// Everybody who is signed in, whatever the roles.
pub const ALL: &str = "all";

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// Roles by comma, [`ALL`] or [`ANYONE`].
    pub who: &'static str,
    /// What is sent: JSON for the API, `name=value&…` for pages. Needed where the body is read before the role.
    pub body: &'static str,
    /// The answer depends on the object: who may not is told that there is none (404 instead of 403).
    pub by_object: bool,
}

const fn route(method: &'static str, path: &'static str, who: &'static str) -> Route {
    Route {
        method,
        path,
        who,
        body: "",
        by_object: false,
    }
}

impl Route {
    /// Sends `body`.
    const fn with(self, body: &'static str) -> Self {
        Self { body, ..self }
    }
    /// Whether one may depends on the object, and there is none.
    #[allow(dead_code)] // for routes whose handler has to look first
    const fn by_object(self) -> Self {
        Self {
            by_object: true,
            ..self
        }
    }
}

/// The table.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // platform
    route("GET", "/healthz", ANYONE),
    route("GET", "/readyz", ANYONE),
    route("GET", "/assets/{fingerprint}/{name}", ANYONE),
    route("GET", "/api/openapi.json", ANYONE),
    // accounts
    route("GET", "/first-run", ANYONE),
    route("POST", "/first-run", ANYONE),
    route("GET", "/login", ANYONE),
    route("POST", "/login", ANYONE),
    route("POST", "/logout", ALL),
    route("GET", "/reset/{token}", ANYONE),
    route("POST", "/reset/{token}", ANYONE),
    route("GET", "/account", ALL),
    route("POST", "/account", ALL),
    route("POST", "/account/password", ALL),
    route("POST", "/account/look", ALL),
    route("POST", "/account/sessions/end", ALL),
    route("POST", "/account/tokens", ALL),
    route("POST", "/account/tokens/{id}/revoke", ALL),
    route("GET", "/users", "admin"),
    route("POST", "/users", "admin"),
    route("GET", "/users/new", "admin"),
    route("GET", "/users/access", "admin"),
    route("GET", "/users/{id}", "admin"),
    route("POST", "/users/{id}", "admin"),
    route("POST", "/users/{id}/on", "admin"),
    route("POST", "/users/{id}/off", "admin"),
    route("POST", "/users/{id}/reset", "admin"),
    route("POST", "/users/{id}/tokens/{token}/revoke", "admin"),
    // consent
    route("GET", "/suppressions", "manager,marketing"),
    route("POST", "/suppressions", "manager,marketing"),
    route("GET", "/suppressions/new", "manager,marketing"),
    route("GET", "/suppressions/{id}", "manager,marketing"),
    route("POST", "/suppressions/{id}/reveal", "manager,marketing"),
    route("POST", "/suppressions/{id}/lift", "manager").with("consent_text=x&consent_on=2026-09-01"),
    route("POST", "/suppressions/{id}/origins/{origin}/withdraw", "manager").with("reason=x"),
    route("GET", "/api/v1/suppressions", "manager,marketing"),
    route("POST", "/api/v1/suppressions", "manager,marketing").with(r#"{"subject":"13800138000"}"#),
    // calling
    route("GET", "/api/v1/campaigns", "manager,marketing,agent"),
    route("POST", "/api/v1/campaigns", "manager,marketing").with(r#"{"name":"x"}"#),
    route("GET", "/api/v1/campaigns/{id}", "manager,marketing,agent"),
    route("PATCH", "/api/v1/campaigns/{id}", "manager,marketing"),
    route("POST", "/api/v1/campaigns/{id}/fill", "manager,marketing"),
    route("POST", "/api/v1/campaigns/{id}/next", "agent"),
    route("POST", "/api/v1/leases/{lease}/heartbeat", "agent"),
    route("POST", "/api/v1/leases/{lease}/dialled", "agent"),
    route("POST", "/api/v1/leases/{lease}/release", "agent"),
    route("POST", "/api/v1/calls", "agent,rep,manager").with(r#"{"disposition":"busy"}"#),
    route("POST", "/api/v1/calls/{id}/undo", "agent,rep,manager"),
    route("POST", "/api/v1/companies/{id}/grade", "agent,rep,manager,marketing").with(r#"{"grade":"B","reason":"x"}"#).by_object(),
    // selling
    // outreach: greetings
    route("GET", "/api/v1/greetings/calendar", "manager,marketing"),
    route("GET", "/api/v1/handovers", "manager,rep"),
    route("POST", "/api/v1/handovers/{id}/accept", "rep"),
    route("POST", "/api/v1/handovers/{id}/reject", "rep").with(r#"{"reason":"x"}"#),
    route("POST", "/api/v1/opportunities/{id}/stage", "manager,rep").with(r#"{"stage":"demo"}"#),
    route("GET", "/handovers", "manager,rep"),
    route("POST", "/handovers/give", "manager"),
    route("GET", "/handovers/{id}", "manager,rep"),
    route("POST", "/handovers/{id}/accept", "rep"),
    route("POST", "/handovers/{id}/reject", "rep").with("reason=x"),
    route("POST", "/notices/seen", ALL),
    route("GET", "/pool", "manager,rep"),
    route("POST", "/pool/claim", "rep").with("company=999999999"),
    route("GET", "/registrations", "manager,rep"),
    route("POST", "/registrations/{id}/extend", "manager,rep").with("reason=x"),
    route("POST", "/registrations/{id}/withdraw", "manager,rep").with("reason=x"),
    route("GET", "/territories", "manager"),
    route("POST", "/territories", "manager"),
    route("POST", "/territories/{id}", "manager"),
    route("POST", "/territories/strangers", "manager"),
    route("POST", "/territories/leave", "manager"),
    route("GET", "/agenda/{token}", ANYONE),
    route("POST", "/agenda", "rep"),
    route("POST", "/appointments", "rep"),
    route("POST", "/appointments/{id}", "rep"),
    route("GET", "/companies/{id}/sale", "manager,rep"),
    route("POST", "/companies/{id}/sale", "manager,rep").with("stage=demo"),
    route("POST", "/companies/{id}/registration", "manager,rep").with("project=x"),
    route("POST", "/companies/{id}/contact", "manager,rep").with("kind=visit"),
    route("POST", "/companies/{id}/appointments", "rep").with("kind=visit"),
    route("POST", "/companies/{id}/release", "manager,rep").with("reason=x"),
    // imports and leads for programs
    route("POST", "/api/v1/imports", "manager,marketing"),
    route("GET", "/api/v1/imports/{id}", "manager,marketing"),
    route("POST", "/api/v1/imports/{id}/undo", "manager,marketing"),
    route("POST", "/api/v1/imports/{id}/cancel", "manager,marketing"),
    route("POST", "/api/v1/leads", "manager,marketing").with(r#"{"channel":"AD","source":"x"}"#),
    route("POST", "/teams", "admin"),
    route("POST", "/teams/{id}", "admin").with("name=x"),
    // settings
    route("GET", "/settings", "admin,manager,marketing"),
    route("GET", "/settings/office", "admin"),
    route("POST", "/settings/office", "admin"),
    route("GET", "/settings/calendar", "admin"),
    route("POST", "/settings/calendar", "admin"),
    route("GET", "/settings/calling", "manager"),
    route("POST", "/settings/calling", "manager"),
    route("GET", "/settings/grades", "manager"),
    route("POST", "/settings/grades", "manager"),
    route("GET", "/settings/grounds", "admin,manager"),
    route("POST", "/settings/grounds", "admin,manager"),
    route("GET", "/settings/scripts", "manager,marketing"),
    route("POST", "/settings/scripts", "manager,marketing"),
    route("GET", "/settings/scripts/new", "manager,marketing"),
    route("GET", "/settings/scripts/{id}", "manager,marketing"),
    route("POST", "/settings/scripts/{id}", "manager,marketing"),
    route("GET", "/settings/lists", "manager"),
    route("POST", "/settings/lists", "manager"),
    route("GET", "/settings/cadence", "manager"),
    route("POST", "/settings/cadence", "manager"),
    route("GET", "/settings/selling", "manager"),
    route("POST", "/settings/selling", "manager"),
    route("GET", "/settings/stages", "manager"),
    route("POST", "/settings/stages", "manager"),
    route("GET", "/settings/sources", "manager,marketing"),
    route("GET", "/settings/sources/{id}", "manager,marketing"),
    route("POST", "/settings/sources/{id}", "manager,marketing"),
    route("GET", "/settings/webhook", "admin"),
    route("POST", "/settings/webhook", "admin"),
    // imports
    route("GET", "/imports", "manager,marketing"),
    route("POST", "/imports", "manager,marketing"),
    route("GET", "/imports/new", "manager,marketing"),
    route("GET", "/imports/template.csv", "manager,marketing"),
    route("GET", "/imports/{id}", "manager,marketing"),
    route("GET", "/imports/{id}/columns", "manager,marketing"),
    route("POST", "/imports/{id}/columns", "manager,marketing"),
    route("GET", "/imports/{id}/check", "manager,marketing"),
    route("GET", "/imports/{id}/confirm", "manager,marketing"),
    route("POST", "/imports/{id}/confirm", "manager,marketing"),
    route("GET", "/imports/{id}/progress", "manager,marketing"),
    route("GET", "/imports/{id}/rows", "manager,marketing"),
    route("GET", "/imports/{id}/rejected.csv", "manager,marketing"),
    route("POST", "/imports/{id}/cancel", "manager,marketing"),
    route("POST", "/imports/{id}/undo", "manager,marketing"),
    route("POST", "/samples/remove", "manager,marketing"),
    route("POST", "/samples", "manager,marketing"),
    // companies
    route("GET", "/companies", "manager,marketing,agent,rep"),
    route("GET", "/companies/new", "manager,marketing,agent,rep"),
    route("POST", "/companies/new", "manager,marketing,agent,rep"),
    route("GET", "/companies/{id}", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/numbers", "manager,marketing,agent,rep").by_object(),
    route("GET", "/companies/{id}/records/{record}", "manager,marketing,agent,rep").by_object(),
    route("GET", "/companies/{id}/edit", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/edit", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/grade", "manager,marketing,agent,rep").with("grade=B&reason=x").by_object(),
    route("GET", "/companies/{id}/key-items", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/key-items", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/contradictions/{code}", "manager,marketing,agent,rep").with("reason=x").by_object(),
    route("GET", "/grades", "manager,rep"),
    route("POST", "/grades", "manager,rep").with("do=accept"),
    route("GET", "/contradictions", "manager,rep"),
    route("POST", "/companies/{id}/pick", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/points/{point}", "manager,marketing,agent,rep").by_object(),
    route("GET", "/companies/{id}/contacts/new", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/contacts/new", "manager,marketing,agent,rep").by_object(),
    route("POST", "/companies/{id}/contacts/{contact}", "manager,marketing,agent,rep").by_object(),
    route("GET", "/companies/{id}/merge", "manager,marketing"),
    route("POST", "/companies/{id}/merge", "manager,marketing").with("other=999999999"),
    route("POST", "/merges/{id}/undo", "manager,marketing"),
    route("GET", "/api/v1/companies", "manager,marketing,agent,rep"),
    route("POST", "/api/v1/companies", "manager,marketing,agent,rep").with(r#"{"name":""}"#),
    route("GET", "/api/v1/companies/{id}", "manager,marketing,agent,rep").by_object(),
    route("PATCH", "/api/v1/companies/{id}", "manager,marketing,agent,rep").with("{}").by_object(),
    route("POST", "/api/v1/companies/{id}/merge", "manager,marketing").with(r#"{"other":999999999}"#),
    route("POST", "/api/v1/merges/{id}/undo", "manager,marketing"),
    // call screen
    route("GET", "/call", "agent"),
    route("POST", "/call/next", "agent"),
    route("POST", "/call/pause", "agent").with("reason=break"),
    route("POST", "/call/resume", "agent"),
    route("GET", "/call/same", "agent,rep,manager"),
    route("GET", "/call/incoming", "agent,rep,manager"),
    route("POST", "/call/incoming", "agent,rep,manager").with("disposition=no_answer"),
    route("PUT", "/call/{token}/draft", "agent"),
    route("POST", "/call/{token}/dialled", "agent"),
    route("POST", "/call/{token}/heartbeat", "agent"),
    route("POST", "/call/{token}/release", "agent"),
    route("POST", "/call/{token}/result", "agent"),
    route("POST", "/call/{token}/late", "agent,rep,manager"),
    route("POST", "/calls/{id}/undo", "agent,rep,manager"),
    // campaigns
    route("GET", "/campaigns", "manager,marketing,agent"),
    route("POST", "/campaigns", "manager,marketing").with("name=x"),
    route("GET", "/campaigns/new", "manager,marketing"),
    route("GET", "/campaigns/{id}", "manager,marketing,agent"),
    route("GET", "/campaigns/{id}/edit", "manager,marketing"),
    route("POST", "/campaigns/{id}/edit", "manager,marketing").with("name=x"),
    route("GET", "/campaigns/{id}/fill", "manager,marketing"),
    route("POST", "/campaigns/{id}/fill", "manager,marketing"),
    route("GET", "/campaigns/{id}/filling", "manager,marketing"),
    route("POST", "/campaigns/{id}/state", "manager,marketing").with("state=paused"),
    route("POST", "/campaigns/{id}/recycle", "manager,marketing"),
    route("GET", "/campaigns/{id}/queue", "manager,marketing"),
    route("POST", "/leases/{id}/team", "manager"),
    route("POST", "/leases/{id}/outcome", "manager").with("disposition=busy&reason=x"),
    // outreach
    route("GET", "/due", "manager,marketing,agent,rep"),
    route("POST", "/due/campaign", "manager,marketing").with("campaign=1&company=1"),
    // today
    route("GET", "/", ALL),
    route("GET", "/calls", "agent,rep,manager"),
    route("POST", "/tasks/{id}/finish", ALL),
    route("GET", "/palette", ALL),
];
