//! `@inContext`. The document layer reads it; the engine only shows it to introspection.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Directive;
use async_graphql::registry::{__DirectiveLocation, MetaDirective, MetaInputValue, Registry};
use async_graphql::{
    ContextDirective, CustomDirective, CustomDirectiveFactory, InputType as _, ServerError, ServerResult,
};
use std::borrow::Cow;

use crate::scalar::{CountryCode, CurrencyCode, LanguageCode};

/// Declares `@inContext` on operations, which the engine's own macro cannot.
#[derive(Debug, Clone, Copy)]
pub struct InContextDirective;

impl CustomDirectiveFactory for InContextDirective {
    fn name(&self) -> Cow<'static, str> {
        "inContext".into()
    }

    fn register(&self, registry: &mut Registry) {
        let country = <Option<CountryCode>>::create_type_info(registry);
        let language = <Option<LanguageCode>>::create_type_info(registry);
        let currency = <Option<CurrencyCode>>::create_type_info(registry);
        let args = IndexMap::from([
            argument("country", country, "The buyer's country."),
            argument("language", language, "The language of texts."),
            argument("currency", currency, "The currency of amounts."),
        ]);
        registry.add_directive(MetaDirective {
            name: "inContext".to_owned(),
            description: Some(
                "Answers for a country, language and currency. Without it, or without an argument of it, the shop's \
                 default market answers. What was effective is in `extensions.context`."
                    .to_owned(),
            ),
            locations: vec![__DirectiveLocation::QUERY, __DirectiveLocation::MUTATION],
            args,
            is_repeatable: false,
            visible: None,
            composable: None,
        });
    }

    fn create(&self, _: &ContextDirective<'_>, directive: &Directive) -> ServerResult<Box<dyn CustomDirective>> {
        // The document layer takes it off every operation, so a field can only carry it by mistake.
        Err(ServerError::new("@inContext belongs on an operation", Some(directive.name.pos)))
    }
}

fn argument(name: &str, ty: String, description: &str) -> (String, MetaInputValue) {
    let value = MetaInputValue {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        ty,
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    };
    (name.to_owned(), value)
}
