//! How people and their numbers are named on the screen.

use crate::registry::model::{ContactPoint, Person};
use crate::registry::rules::phone::{Phone, PhoneKind};

/// The name of a person in whatever script there is.
pub fn person_name(person: &Person) -> String {
    person
        .name
        .clone()
        .or_else(|| person.name_en.clone())
        .unwrap_or_else(|| "–".into())
}

/// How a script calls somebody: `陈经理` for 陈立群, IT经理; else the whole name.
pub(super) fn called(name: &str, title: &str) -> String {
    let ranks = [
        "经理",
        "总监",
        "主任",
        "总经理",
        "科长",
        "部长",
        "厂长",
        "工程师",
        "董事长",
    ];
    let rank = ranks
        .iter()
        .filter(|rank| title.ends_with(**rank))
        .max_by_key(|rank| rank.len());
    let is_han = name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    match (rank, name.chars().next()) {
        (Some(rank), Some(family)) if is_han && (2..=3).contains(&name.chars().count()) => {
            match *rank {
                "总经理" => format!("{family}总"),
                "工程师" => format!("{family}工"),
                rank => format!("{family}{rank}"),
            }
        }
        _ => name.to_owned(),
    }
}

/// A stored number as the rules of numbers know it.
pub fn phone_of(point: &ContactPoint) -> Phone {
    let kind = match point.kind.as_str() {
        "mobile" => PhoneKind::Mobile,
        _ if point.value.starts_with("+86400") || point.value.starts_with("+86800") => {
            PhoneKind::Service
        }
        _ if point.value.starts_with("+86") => PhoneKind::Landline,
        _ => PhoneKind::International,
    };
    Phone {
        e164: point.value.clone(),
        ext: point.ext.clone(),
        kind,
        area_inferred: point.inferred,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_called_by_family_name_and_rank() {
        for (name, title, call) in [
            ("陈立群", "IT经理", "陈经理"),
            ("姚启明", "总经理", "姚总"),
            ("周敏", "财务总监", "周总监"),
            ("周敏", "会计", "周敏"),
            ("欧阳明德", "经理", "欧阳明德"),
            ("Jane Wu", "经理", "Jane Wu"),
        ] {
            assert_eq!(called(name, title), call);
        }
    }
}
