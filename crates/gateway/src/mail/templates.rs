//! The templates: those inside the binary, and a shop's own files over them. Read once, at start.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::kinds::{KINDS, Kind};
use super::text::Text;
use crate::problem::Problem;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/mail");

/// The three parts of a template, by the ending of their files.
const SUBJECT: &str = "subject";
const TEXT: &str = "txt";
const HTML: &str = "html";

/// The template of one kind.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) kind: &'static Kind,
    pub(super) subject: Text,
    pub(super) text: Text,
    pub(super) html: Option<Text>,
}

/// A template of every kind.
#[derive(Debug)]
pub(super) struct Templates(Vec<Template>);

impl Templates {
    /// Reads the templates. Files of `folder`, such as `LOGIN_CODE.txt`, are used instead of the built-in ones.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, Problem> {
        if let Some(folder) = folder {
            check_names(folder)?;
        }
        KINDS.iter().map(|kind| template(kind, folder)).collect::<Result<_, _>>().map(Self)
    }

    /// The template of a kind; `None` for one that only a later release knows.
    pub(super) fn get(&self, name: &str) -> Option<&Template> {
        self.0.iter().find(|template| template.kind.name == name)
    }
}

fn template(kind: &'static Kind, folder: Option<&Path>) -> Result<Template, Problem> {
    let missing = |part| Problem::failed(format!("there is no mail template {}.{part}", kind.name));
    Ok(Template {
        kind,
        subject: part(kind, SUBJECT, folder)?.ok_or_else(|| missing(SUBJECT))?,
        text: part(kind, TEXT, folder)?.ok_or_else(|| missing(TEXT))?,
        html: part(kind, HTML, folder)?,
    })
}

/// One part, from the folder or from the binary.
fn part(kind: &Kind, part: &str, folder: Option<&Path>) -> Result<Option<Text>, Problem> {
    let name = format!("{}.{part}", kind.name);
    let own = folder.map(|folder| folder.join(&name)).filter(|path| path.exists());
    let (shown, text) = match own {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|error| {
                Problem::configuration(format!("cannot read the mail template {}: {error}", path.display()))
            })?;
            (path.display().to_string(), text)
        }
        None => match BUILT_IN.get_file(&name).and_then(|file| file.contents_utf8()) {
            Some(text) => (name, text.to_owned()),
            None => return Ok(None),
        },
    };
    let refused = |why: String| Problem::configuration(format!("the mail template {shown} {why}"));
    let text = if part == SUBJECT { text.trim() } else { &text };
    if text.trim().is_empty() {
        return Err(refused("is empty".to_owned()));
    }
    if part == SUBJECT && text.contains(char::is_control) {
        return Err(refused("has more than one line".to_owned()));
    }
    let parsed = Text::parse(text, &kind.allowed()).map_err(refused)?;
    if part != SUBJECT && !kind.needs.is_empty() && !parsed.has_one_of(kind.needs) {
        let needed: Vec<_> = kind.needs.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        return Err(refused(format!("lacks {}", needed.join(" or "))));
    }
    Ok(Some(parsed))
}

/// A file that would never be used is most likely one with a mistyped name.
fn check_names(folder: &Path) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::configuration(format!("cannot read the folder of mail templates {}: {error}", folder.display()))
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let text =
            |part: Option<&std::ffi::OsStr>| part.and_then(std::ffi::OsStr::to_str).unwrap_or_default().to_owned();
        let (stem, ending) = (text(path.file_stem()), text(path.extension()));
        if [SUBJECT, TEXT, HTML].contains(&ending.as_str()) && !KINDS.iter().any(|kind| kind.name == stem) {
            let known: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
            return Err(Problem::configuration(format!("{} belongs to no mail", path.display()))
                .hint(format!("the mails are {}", known.join(", "))));
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::mail::text::{Form, Values};

    fn load(files: &[(&str, &str)]) -> Result<Templates, Problem> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let shown = format!("{}/", folder.path().display());
        Templates::load(Some(folder.path()))
            .map_err(|problem| Problem { message: problem.message.replace(&shown, ""), ..problem })
    }

    fn message(name: &str, text: &str) -> String {
        load(&[(name, text)]).unwrap_err().message
    }

    #[test]
    fn the_built_in_templates_are_sound_and_no_file_is_left_over() {
        let templates = Templates::load(None).unwrap();

        assert_eq!(templates.0.len(), KINDS.len());
        for file in BUILT_IN.files() {
            let stem = file.path().file_stem().unwrap().to_str().unwrap();
            assert!(KINDS.iter().any(|kind| kind.name == stem), "{stem}");
        }
        assert!(templates.get("SOMETHING_NEW").is_none());
    }

    #[test]
    fn a_shop_s_own_files_take_the_place_of_the_built_in_ones() {
        let templates =
            load(&[("LOGIN_CODE.txt", "Code: {{code}}"), ("LOGIN_CODE.html", "<b>{{code}}</b>"), ("README.md", "x")])
                .unwrap();
        let mut values = Values::default();
        values.set("code", "12345678");
        values.set("shop", "Tide");

        let own = templates.get("LOGIN_CODE").unwrap();
        assert_eq!(own.text.fill(&values, Form::Plain), "Code: 12345678");
        assert_eq!(own.html.as_ref().unwrap().fill(&values, Form::Html), "<b>12345678</b>");
        assert_eq!(own.subject.fill(&values, Form::Plain), "Your sign-in code for Tide");
        assert!(templates.get("PASSWORD_RESET").unwrap().html.is_none());
    }

    #[test]
    fn bad_templates_are_refused_in_a_sentence() {
        assert_eq!(message("LOGIN_CODE.txt", "no code"), "the mail template LOGIN_CODE.txt lacks {{code}}");
        assert_eq!(
            message("VERIFY_EMAIL.html", "<p>Hello"),
            "the mail template VERIFY_EMAIL.html lacks {{link}} or {{token}}"
        );
        assert_eq!(
            message("LOGIN_CODE.txt", "{{code}} {{token}}"),
            "the mail template LOGIN_CODE.txt has the placeholder {{token}}; known are greeting, shop, storefront, \
             link, code, valid_for, expires"
        );
        assert_eq!(message("EMAIL_TAKEN.txt", "{{shop"), "the mail template EMAIL_TAKEN.txt has a {{ without its }}");
        assert_eq!(
            message("EMAIL_TAKEN.subject", "a\nBcc: b@c.example"),
            "the mail template EMAIL_TAKEN.subject has more than one line"
        );
        assert_eq!(message("EMAIL_TAKEN.txt", " \n"), "the mail template EMAIL_TAKEN.txt is empty");
        assert_eq!(message("EMAIL_TOKEN.txt", "x"), "EMAIL_TOKEN.txt belongs to no mail");
        let none = Templates::load(Some(Path::new("no/such/folder"))).unwrap_err();
        assert!(none.message.starts_with("cannot read the folder of mail templates no/such/folder: "), "{none}");
    }
}
