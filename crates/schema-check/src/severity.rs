//! How bad each kind of difference is, and what to do about it: the one table.
//!
//! Breaking is what can make a valid operation invalid or give its answer another shape; dangerous is what leaves
//! operations valid and may still surprise a client; all else is safe. Severities are those of GraphQL Inspector 8
//! but where it contradicts that rule; each such place says so in its ground.

use crate::change::Severity;
use crate::kind::ChangeKind;

/// What of the circumstances decides how bad a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// Nothing but its kind.
    Plain,
    /// It came with what holds it, which is new, so that no client knows it.
    WithParent,
    /// A case of a kind that is not safe otherwise, in which no client can notice it.
    Harmless,
    /// What went was deprecated before.
    Deprecated,
    /// Clients must give it and do not yet. Also: its default went, and it is not nullable.
    Required,
    /// Clients need not give it, and it has a default.
    Defaulted,
    /// The new type takes or gives all that clients may rely on.
    Fits,
    /// It fits, but fields of one name under one key must agree in what is nullable, and no longer do.
    Clashes,
    /// It fits, but the like holds for fields that an operation gives the same alias.
    ClashesByAlias,
    /// It fits all operations, but answers may hold types that clients do not know.
    Grows,
    /// The directive can stand in no operation; only tools that read the schema know it.
    ForTools,
    /// The enum stands only where answers are: no operation can name its values.
    OnlyInAnswers,
    /// The enum stands only where clients send values: no answer can hold them.
    OnlyInInput,
    /// An interface, not an object, is concerned: its objects are reported on their own.
    OfInterface,
    /// The directive says how the server treats what it is applied to, and the server alone knows how.
    Usage,
    /// The directive is `@oneOf`.
    OneOf,
}

/// A row: for a kind, or for any, on a ground.
type Row = (Option<ChangeKind>, Ground, Severity, &'static str);

/// The severity of a difference and, unless it is safe, the reason and the advice.
pub(crate) fn verdict(kind: ChangeKind, ground: Ground) -> (Severity, Option<&'static str>) {
    let row = TABLE.iter().find(|(row, on, ..)| row.is_none_or(|row| row == kind) && *on == ground);
    match row {
        Some((_, _, severity, reason)) => (*severity, Some(reason)),
        None => (Severity::Safe, None),
    }
}

const TOOLS: &str = "No operation can use this directive, but tools that read the schema may: composition, code \
    generation, linters. Tell those who run them.";
const DEFAULTS: &str = "Clients that leave it out get the new default from now on and may see other results. If \
    some depend on the old one, have them send it before this ships.";
const REQUIRED: &str = "Operations that leave it out become invalid. Make it nullable or give it a default; require \
    it only once every client sends it.";
const ARGUMENT_TYPE: &str = "Operations that send it with the old type, as a literal or through a variable, become \
    invalid. Add an argument with the new type beside it, deprecate this one and remove it once it is unused.";
const FIELD_TYPE: &str = "Clients read it with the old type: selections or what they expect in the answer no longer \
    fit. Add a field with the new type, deprecate this one with a date and the replacement, and remove it once it \
    is unused.";
const NEW_CASE: &str = "Answers may hold a type that clients do not know. Those that switch over `__typename` need a \
    default branch; say that it comes before it is returned.";
const DIRECTIVE: &str = "Operations that use it so become invalid. Keep it until no client sends it; a directive \
    can do nothing and still be accepted.";
const ROOT: &str = "Fragments that name the old root type become invalid, and an operation kind that is gone fails \
    wholly. Keep the root type's name and change what it holds.";

use ChangeKind as K;
use Ground as G;
use Severity::{Breaking, Dangerous};

const TABLE: &[Row] = &[
    // Types
    (
        Some(K::TypeRemoved),
        G::Plain,
        Breaking,
        "Operations that name it, in a fragment or for a variable, become \
        invalid. Deprecate the fields that lead to it first, and remove it once they are unused.",
    ),
    (
        Some(K::TypeKindChanged),
        G::Plain,
        Breaking,
        "Selections and variables that fit the old kind do not fit the \
        new one. Add a type of the new kind under another name and move the fields over one by one.",
    ),
    // Ours: GraphQL Inspector calls every change of kind breaking.
    (
        Some(K::TypeKindChanged),
        G::Grows,
        Dangerous,
        "Every operation stays valid, because the interface has all the \
        union's members; generated types and a cache's list of possible types change, so regenerate them.",
    ),
    (
        Some(K::ObjectTypeInterfaceRemoved),
        G::Plain,
        Breaking,
        "Fragments on the interface no longer apply to it, and \
        fields of the interface's type no longer return it. Keep the interface until no operation spreads the two \
        together.",
    ),
    // Ours: Inspector calls it breaking, but whether a fragment applies depends on the objects alone.
    (
        Some(K::ObjectTypeInterfaceRemoved),
        G::OfInterface,
        Dangerous,
        "Operations stay valid while the objects keep \
        both interfaces; what clients generate from the schema changes.",
    ),
    (Some(K::ObjectTypeInterfaceAdded), G::Plain, Dangerous, NEW_CASE),
    (
        Some(K::UnionMemberRemoved),
        G::Plain,
        Breaking,
        "Fragments on the member become invalid inside this union. \
        Stop returning it first, and remove it once no operation has such a fragment.",
    ),
    (Some(K::UnionMemberAdded), G::Plain, Dangerous, NEW_CASE),
    // Fields
    (
        Some(K::FieldRemoved),
        G::Plain,
        Breaking,
        "Operations that select it become invalid. Deprecate it first, with \
        a date and the replacement in the reason, and remove it once it is unused.",
    ),
    (
        Some(K::FieldRemoved),
        G::Deprecated,
        Breaking,
        "It was deprecated, but operations that still select it become \
        invalid. Check with recorded usage or the clients' operations that none does.",
    ),
    (Some(K::FieldTypeChanged), G::Plain, Breaking, FIELD_TYPE),
    (Some(K::FieldTypeChanged), G::Grows, Dangerous, NEW_CASE),
    // Ours: Inspector calls it safe, but the rule "Field Selection Merging" refuses such operations.
    (
        Some(K::FieldTypeChanged),
        G::Clashes,
        Breaking,
        "On its own this is safe, but operations that also select the \
        other field in a fragment beside it become invalid: under one key both must be nullable or neither. Change \
        both fields alike in one step.",
    ),
    (
        Some(K::FieldTypeChanged),
        G::ClashesByAlias,
        Dangerous,
        "This is safe unless an operation gives both fields \
        the same alias in fragments side by side: under one key both must be nullable or neither. Check the \
        clients' operations.",
    ),
    // Arguments
    (Some(K::FieldArgumentAdded), G::Required, Breaking, REQUIRED),
    (
        Some(K::FieldArgumentAdded),
        G::Plain,
        Dangerous,
        "Operations stay valid. See that the field does for those who \
        leave the argument out what it did before.",
    ),
    (
        Some(K::FieldArgumentRemoved),
        G::Plain,
        Breaking,
        "Operations that send it become invalid. Deprecate it first, \
        ignore it, and remove it once it is unused.",
    ),
    (Some(K::FieldArgumentTypeChanged), G::Plain, Breaking, ARGUMENT_TYPE),
    (Some(K::FieldArgumentDefaultChanged), G::Plain, Dangerous, DEFAULTS),
    // Ours: Inspector calls it dangerous, but without its default the argument is required.
    (Some(K::FieldArgumentDefaultChanged), G::Required, Breaking, REQUIRED),
    // Enums
    (
        Some(K::EnumValueRemoved),
        G::Plain,
        Breaking,
        "Operations that send it become invalid. Deprecate it, accept it \
        for as long as it is sent, and remove it once it is unused.",
    ),
    (
        Some(K::EnumValueRemoved),
        G::Deprecated,
        Breaking,
        "It was deprecated, but operations that still send it \
        become invalid. Check with recorded usage or the clients' operations that none does.",
    ),
    // Ours: Inspector calls it breaking wherever the enum stands.
    (
        Some(K::EnumValueRemoved),
        G::OnlyInAnswers,
        Dangerous,
        "No operation can send it, because the enum stands in \
        answers only; clients that wait for this value never see it again.",
    ),
    (
        Some(K::EnumValueAdded),
        G::Plain,
        Dangerous,
        "Answers may hold a value that clients do not know. Those that \
        switch over the values without a default fail on it; say that it comes before it is returned.",
    ),
    // Input objects
    (
        Some(K::InputFieldRemoved),
        G::Plain,
        Breaking,
        "Operations and variables that give it become invalid. \
        Deprecate it first, ignore it, and remove it once it is unused.",
    ),
    (
        Some(K::InputFieldRemoved),
        G::Deprecated,
        Breaking,
        "It was deprecated, but operations and variables that \
        still give it become invalid. Check with recorded usage or the clients' operations that none does.",
    ),
    (Some(K::InputFieldAdded), G::Required, Breaking, REQUIRED),
    (
        Some(K::InputFieldAdded),
        G::Defaulted,
        Dangerous,
        "Clients that leave it out get the default. See that it \
        means what leaving it out meant before, also while old and new servers run side by side.",
    ),
    (Some(K::InputFieldDefaultValueChanged), G::Plain, Dangerous, DEFAULTS),
    (Some(K::InputFieldDefaultValueChanged), G::Required, Breaking, REQUIRED),
    (
        Some(K::InputFieldTypeChanged),
        G::Plain,
        Breaking,
        "Operations and variables that give it with the old type \
        become invalid. Add a field with the new type beside it, deprecate this one and remove it once it is \
        unused.",
    ),
    // The schema definition
    (Some(K::SchemaQueryTypeChanged), G::Plain, Breaking, ROOT),
    (Some(K::SchemaMutationTypeChanged), G::Plain, Breaking, ROOT),
    (Some(K::SchemaSubscriptionTypeChanged), G::Plain, Breaking, ROOT),
    // Directives. Ours: Inspector judges those that no operation can use like those of operations.
    (Some(K::DirectiveRemoved), G::Plain, Breaking, DIRECTIVE),
    (Some(K::DirectiveLocationRemoved), G::Plain, Breaking, DIRECTIVE),
    (
        Some(K::DirectiveArgumentRemoved),
        G::Plain,
        Breaking,
        "Operations that send it become invalid. Accept and \
        ignore it until no client sends it.",
    ),
    (Some(K::DirectiveArgumentAdded), G::Required, Breaking, REQUIRED),
    (Some(K::DirectiveArgumentTypeChanged), G::Plain, Breaking, ARGUMENT_TYPE),
    (Some(K::DirectiveArgumentDefaultValueChanged), G::Plain, Dangerous, DEFAULTS),
    (Some(K::DirectiveArgumentDefaultValueChanged), G::Required, Breaking, REQUIRED),
    // Ours: Inspector calls it dangerous, but the rule "Directives Are Unique per Location" refuses operations.
    (
        Some(K::DirectiveRepeatableRemoved),
        G::Plain,
        Breaking,
        "Operations that use it twice in one place become \
        invalid. Keep it repeatable and ignore the repetition.",
    ),
    (None, G::ForTools, Dangerous, TOOLS),
    // Directives that are applied
    (
        None,
        G::Usage,
        Dangerous,
        "What an applied directive does is the server's matter, so it may behave \
        differently for clients. See what this directive means here.",
    ),
    (
        Some(K::DirectiveUsageArgumentRemoved),
        G::Plain,
        Dangerous,
        "What an applied directive does is the server's \
        matter, so it may behave differently for clients. See what this argument means here.",
    ),
    (
        None,
        G::OneOf,
        Breaking,
        "Operations that give none or several of its fields, or a variable that may be null, \
        become invalid. Make a new input type and deprecate what takes this one.",
    ),
];
