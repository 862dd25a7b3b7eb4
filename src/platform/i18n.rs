//! Sentences: every text a person reads comes from `templates/locales/<language>/<area>.ftl`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/locales"]
struct Locales;

/// A language the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 简体中文, the first language.
    #[default]
    Zh,
    /// English.
    En,
}

/// One argument of a sentence.
#[derive(Debug, Clone)]
pub enum Arg {
    /// A text, shown as it is.
    Text(String),
    /// A number, which also selects plural forms.
    Number(f64),
}

impl Lang {
    /// Both, in the order of the language menu.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 code, as in `<html lang>` and in `users.language`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads `zh-CN`, `zh`, `en-GB` … ; `None` for a language we do not speak.
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_lowercase();
        if code.starts_with("zh") {
            Some(Self::Zh)
        } else if code.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that we speak.
    pub fn from_accept(header: &str) -> Option<Self> {
        header
            .split(',')
            .find_map(|part| Self::parse(part.split(';').next().unwrap_or("")))
    }

    /// The sentence `key`.
    pub fn text(self, key: &str) -> String {
        self.format(key, None)
    }

    /// The sentence `key` with arguments.
    pub fn text_with(self, key: &str, args: &[(&str, Arg)]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                Arg::Text(text) => FluentValue::from(text.clone()),
                Arg::Number(number) => FluentValue::from(*number),
            };
            values.set((*name).to_owned(), value);
        }
        self.format(key, Some(&values))
    }

    /// Whether the language files know the key.
    pub fn knows(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        &BUNDLES[&self]
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            // Seen by the test that compares keys; a person gets the key instead of an empty place.
            tracing::error!("no text {key} in {}", self.code());
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text: Cow<'_, str> = bundle.format_pattern(pattern, args, &mut errors);
        text.into_owned()
    }
}

static BUNDLES: LazyLock<HashMap<Lang, FluentBundle<FluentResource>>> = LazyLock::new(|| {
    Lang::ALL
        .into_iter()
        .map(|lang| (lang, load(lang)))
        .collect()
});

fn load(lang: Lang) -> FluentBundle<FluentResource> {
    let id = lang
        .code()
        .parse()
        .expect("our own language codes are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for name in Locales::iter().filter(|name| name.starts_with(lang.code())) {
        let file = Locales::get(&name).expect("listed a line above");
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(partial, errors)| {
            tracing::error!("{name}: {errors:?}");
            partial
        });
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Arg {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<&&String> for Arg {
    fn from(value: &&String) -> Self {
        Self::Text((*value).clone())
    }
}
impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&&str> for Arg {
    fn from(value: &&str) -> Self {
        Self::Text((*value).to_owned())
    }
}
impl From<&Self> for Arg {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

/// Numbers of any width; a count beyond 2^53 would lose its last digits, which no sentence shows.
macro_rules! number_args {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Arg {
            fn from(value: $kind) -> Self {
                Self::Number(value as f64)
            }
        }
        impl From<&$kind> for Arg {
            fn from(value: &$kind) -> Self {
                Self::Number(*value as f64)
            }
        }
        impl From<&&$kind> for Arg {
            fn from(value: &&$kind) -> Self {
                Self::Number(**value as f64)
            }
        }
    )*};
}
number_args!(i16, i32, i64, u8, u16, u32, u64, usize, f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_parses() {
        for name in Locales::iter() {
            let text = String::from_utf8(Locales::get(&name).expect("listed").data.into_owned())
                .expect("UTF-8");
            if let Err((_, errors)) = FluentResource::try_new(text) {
                panic!("{name}: {errors:?}");
            }
        }
    }

    #[test]
    fn the_first_spoken_language_of_the_browser_is_taken() {
        assert_eq!(Lang::from_accept("fr-FR,en;q=0.8,zh;q=0.5"), Some(Lang::En));
        assert_eq!(Lang::from_accept("de"), None);
    }
}
