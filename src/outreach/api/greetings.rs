//! `GET /greetings/calendar`.
