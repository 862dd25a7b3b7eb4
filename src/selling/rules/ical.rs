//! An agenda as calendar programs read it (RFC 5545).

use chrono::{NaiveDateTime, TimeDelta};

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Stays the same over every reading.
    pub id: i64,
    /// When it begins, UTC.
    pub begins_at: NaiveDateTime,
    /// How long it takes.
    pub minutes: i32,
    /// What and with whom.
    pub title: String,
    /// What for.
    pub note: String,
}

/// Octets of a line without its end.
const LINE: usize = 75;

/// The whole calendar.
pub fn calendar(name: &str, now: NaiveDateTime, entries: &[Entry]) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(&mut out, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Canvass//agenda//EN");
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    for entry in entries {
        let ends = entry.begins_at + TimeDelta::minutes(i64::from(entry.minutes));
        line("BEGIN:VEVENT");
        line(&format!("UID:appointment-{}@canvass", entry.id));
        line(&format!("DTSTAMP:{}", instant(now)));
        line(&format!("DTSTART:{}", instant(entry.begins_at)));
        line(&format!("DTEND:{}", instant(ends)));
        line(&format!("SUMMARY:{}", escaped(&entry.title)));
        if !entry.note.is_empty() {
            line(&format!("DESCRIPTION:{}", escaped(&entry.note)));
        }
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

fn instant(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded so that no part is longer than allowed and no character is cut in two.
fn fold(out: &mut String, text: &str) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_program_can_read_it() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 9, 22).and_then(|d| d.and_hms_opt(6, 30, 0));
        let entry = Entry {
            id: 7,
            begins_at: at.expect("an instant"),
            minutes: 60,
            title: "初访：苏州禾岭食品, 工业园区; 一期".repeat(3),
            note: "路程35分\n14:00前出发".into(),
        };
        let text = calendar("许嘉树", entry.begins_at, std::slice::from_ref(&entry));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.contains("DTSTART:20260922T063000Z\r\nDTEND:20260922T073000Z\r\n"));
        assert!(text.lines().all(|line| line.len() <= LINE));
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(r"初访：苏州禾岭食品\, 工业园区\; 一期"));
        assert!(unfolded.contains("DESCRIPTION:路程35分\\n14:00前出发"));
    }
}
