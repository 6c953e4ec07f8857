//! Workflow commands of GitHub Actions: annotations without a token.
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use std::cmp::Reverse;

use super::annotation::{Annotation, Gravity};

/// One command a line, the worst first: GitHub shows ten of each sort.
#[must_use]
pub fn github(annotations: &[Annotation]) -> String {
    let mut sorted: Vec<&Annotation> = annotations.iter().collect();
    sorted.sort_by_key(|annotation| Reverse(annotation.gravity));
    sorted.into_iter().map(command).collect()
}

fn command(annotation: &Annotation) -> String {
    let name = match annotation.gravity {
        Gravity::Error => "error",
        Gravity::Warning => "warning",
        Gravity::Note => "notice",
    };
    let mut properties = vec![format!("file={}", property(&annotation.file))];
    if let Some(place) = annotation.place {
        properties.push(format!("line={},col={}", place.line, place.column));
    }
    properties.push(format!("title={}", property(&annotation.title)));
    let excuse = annotation.excuse.as_ref().map(|excuse| format!(" Excused: {excuse}.")).unwrap_or_default();
    format!("::{name} {}::{}\n", properties.join(","), data(&format!("{}{excuse}", annotation.message)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Place;

    #[test]
    fn what_means_something_in_a_command_is_escaped() {
        let annotation = |gravity, place| Annotation {
            gravity,
            rule: "A".to_owned(),
            title: "A: b, c".to_owned(),
            message: "100 %\r\n::error::no".to_owned(),
            file: "a,b:c.graphql".to_owned(),
            place,
            coordinate: None,
            excuse: (gravity == Gravity::Warning).then(|| "why".to_owned()),
        };
        let list = [annotation(Gravity::Warning, None), annotation(Gravity::Error, Some(Place { line: 3, column: 7 }))];

        insta::assert_snapshot!(github(&list), @r#"
        ::error file=a%2Cb%3Ac.graphql,line=3,col=7,title=A%3A b%2C c::100 %25%0D%0A::error::no
        ::warning file=a%2Cb%3Ac.graphql,title=A%3A b%2C c::100 %25%0D%0A::error::no Excused: why.
        "#);
    }
}
