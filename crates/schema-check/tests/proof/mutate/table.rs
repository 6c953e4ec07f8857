//! All changes by name.

use apollo_compiler::ast::OperationType;

use super::edit::Edit;
use super::inputs::Leave;
use super::{descriptions, directives, fields, inputs, layout, members, roots, types, usages};
use crate::schemas::elements::Sort;

/// A change.
#[derive(Debug)]
pub(crate) struct Mutation {
    /// What it does, for reports.
    pub(crate) name: &'static str,
    /// Does it; nothing if there is no place for it.
    pub(crate) change: fn(&mut Edit) -> Option<()>,
}

const fn mutation(name: &'static str, change: fn(&mut Edit) -> Option<()>) -> Mutation {
    Mutation { name, change }
}

/// All changes.
pub(crate) fn all() -> Vec<&'static Mutation> {
    let tables =
        [TYPES, DESCRIPTIONS, FIELDS, INPUTS, ENUMS, DIRECTIVES, APPLIED, TAKEN_OFF, DEPRECATIONS, ROOTS, LAYOUT];
    tables.into_iter().flatten().collect()
}

/// Those that a schema needs to have something to lose.
pub(crate) fn enriching() -> Vec<&'static Mutation> {
    let wanted = ["add description", "add default", "apply to", "deprecate", "extend type", "extend schema", "specify"];
    all().into_iter().filter(|mutation| wanted.iter().any(|start| mutation.name.starts_with(start))).collect()
}

/// Types.
const TYPES: &[Mutation] = &[
    mutation("add scalar", |edit| types::add(edit, Sort::Scalar)),
    mutation("add object", |edit| types::add(edit, Sort::Object)),
    mutation("add interface", |edit| types::add(edit, Sort::Interface)),
    mutation("add union", |edit| types::add(edit, Sort::Union)),
    mutation("add enum", |edit| types::add(edit, Sort::Enum)),
    mutation("add input object", |edit| types::add(edit, Sort::InputObject)),
    mutation("remove scalar", |edit| types::remove(edit, Sort::Scalar)),
    mutation("remove object", |edit| types::remove(edit, Sort::Object)),
    mutation("remove interface", |edit| types::remove(edit, Sort::Interface)),
    mutation("remove union", |edit| types::remove(edit, Sort::Union)),
    mutation("remove enum", |edit| types::remove(edit, Sort::Enum)),
    mutation("remove input object", |edit| types::remove(edit, Sort::InputObject)),
    mutation("change kind of scalar", |edit| types::change_kind(edit, Sort::Scalar)),
    mutation("change kind of object", |edit| types::change_kind(edit, Sort::Object)),
    mutation("change kind of interface", |edit| types::change_kind(edit, Sort::Interface)),
    mutation("change kind of union", |edit| types::change_kind(edit, Sort::Union)),
    mutation("change kind of enum", |edit| types::change_kind(edit, Sort::Enum)),
    mutation("change kind of input object", |edit| types::change_kind(edit, Sort::InputObject)),
    mutation("union to interface", types::union_to_interface),
    mutation("rename scalar", |edit| types::rename(edit, Sort::Scalar)),
    mutation("rename object", |edit| types::rename(edit, Sort::Object)),
    mutation("rename interface", |edit| types::rename(edit, Sort::Interface)),
    mutation("rename union", |edit| types::rename(edit, Sort::Union)),
    mutation("rename enum", |edit| types::rename(edit, Sort::Enum)),
    mutation("rename input object", |edit| types::rename(edit, Sort::InputObject)),
];

/// Descriptions.
const DESCRIPTIONS: &[Mutation] = &[
    mutation("add description of type", |edit| {
        let sort = descriptions::any_type(edit);
        descriptions::add(edit, sort)
    }),
    mutation("add description of field", |edit| descriptions::add(edit, Sort::Field)),
    mutation("add description of argument", |edit| descriptions::add(edit, Sort::Argument)),
    mutation("add description of input field", |edit| descriptions::add(edit, Sort::InputField)),
    mutation("add description of enum value", |edit| descriptions::add(edit, Sort::Value)),
    mutation("add description of directive", |edit| descriptions::add(edit, Sort::Directive)),
    mutation("add description of directive argument", |edit| descriptions::add(edit, Sort::DirectiveArgument)),
    mutation("change description of type", |edit| {
        let sort = descriptions::any_type(edit);
        descriptions::change(edit, sort)
    }),
    mutation("change description of field", |edit| descriptions::change(edit, Sort::Field)),
    mutation("change description of argument", |edit| descriptions::change(edit, Sort::Argument)),
    mutation("change description of input field", |edit| descriptions::change(edit, Sort::InputField)),
    mutation("change description of enum value", |edit| descriptions::change(edit, Sort::Value)),
    mutation("change description of directive", |edit| descriptions::change(edit, Sort::Directive)),
    mutation("change description of directive argument", |edit| descriptions::change(edit, Sort::DirectiveArgument)),
    mutation("remove description of type", |edit| {
        let sort = descriptions::any_type(edit);
        descriptions::remove(edit, sort)
    }),
    mutation("remove description of field", |edit| descriptions::remove(edit, Sort::Field)),
    mutation("remove description of argument", |edit| descriptions::remove(edit, Sort::Argument)),
    mutation("remove description of input field", |edit| descriptions::remove(edit, Sort::InputField)),
    mutation("remove description of enum value", |edit| descriptions::remove(edit, Sort::Value)),
    mutation("remove description of directive", |edit| descriptions::remove(edit, Sort::Directive)),
    mutation("remove description of directive argument", |edit| descriptions::remove(edit, Sort::DirectiveArgument)),
];

/// Fields, members of unions and interfaces.
const FIELDS: &[Mutation] = &[
    mutation("add field", |edit| fields::add(edit, Sort::Object, 0)),
    mutation("add field with arguments", |edit| fields::add(edit, Sort::Object, 2)),
    mutation("add field of interface", |edit| fields::add(edit, Sort::Interface, 1)),
    mutation("remove field", fields::remove),
    mutation("retype field", fields::retype),
    mutation("nullable field", |edit| fields::toggle_null(edit, true)),
    mutation("non-null field", |edit| fields::toggle_null(edit, false)),
    mutation("field of kin", fields::change_within_kin),
    mutation("add member", members::add_member),
    mutation("remove member", members::remove_member),
    mutation("implement", |edit| members::implement(edit, Sort::Object)),
    mutation("implement by interface", |edit| members::implement(edit, Sort::Interface)),
    mutation("forsake", |edit| members::forsake(edit, Sort::Object)),
    mutation("forsake by interface", |edit| members::forsake(edit, Sort::Interface)),
];

/// Arguments, input fields and arguments of directives.
const INPUTS: &[Mutation] = &[
    mutation("add nullable argument", |edit| inputs::add(edit, Sort::Argument, Leave::Nullable)),
    mutation("add required argument", |edit| inputs::add(edit, Sort::Argument, Leave::Required)),
    mutation("add defaulted argument", |edit| inputs::add(edit, Sort::Argument, Leave::Default)),
    mutation("add non-null defaulted argument", |edit| inputs::add(edit, Sort::Argument, Leave::RequiredDefault)),
    mutation("remove argument", |edit| inputs::remove(edit, Sort::Argument)),
    mutation("retype argument", |edit| inputs::retype(edit, Sort::Argument)),
    mutation("toggle null of argument", |edit| inputs::toggle_null(edit, Sort::Argument)),
    mutation("add default of argument", |edit| inputs::set_default(edit, Sort::Argument, false)),
    mutation("change default of argument", |edit| inputs::set_default(edit, Sort::Argument, true)),
    mutation("drop default of argument", |edit| inputs::drop_default(edit, Sort::Argument)),
    mutation("respell default of argument", |edit| inputs::respell_default(edit, Sort::Argument)),
    mutation("add nullable input field", |edit| inputs::add(edit, Sort::InputField, Leave::Nullable)),
    mutation("add required input field", |edit| inputs::add(edit, Sort::InputField, Leave::Required)),
    mutation("add defaulted input field", |edit| inputs::add(edit, Sort::InputField, Leave::Default)),
    mutation("add non-null defaulted input field", |edit| inputs::add(edit, Sort::InputField, Leave::RequiredDefault)),
    mutation("remove input field", |edit| inputs::remove(edit, Sort::InputField)),
    mutation("retype input field", |edit| inputs::retype(edit, Sort::InputField)),
    mutation("toggle null of input field", |edit| inputs::toggle_null(edit, Sort::InputField)),
    mutation("add default of input field", |edit| inputs::set_default(edit, Sort::InputField, false)),
    mutation("change default of input field", |edit| inputs::set_default(edit, Sort::InputField, true)),
    mutation("drop default of input field", |edit| inputs::drop_default(edit, Sort::InputField)),
    mutation("respell default of input field", |edit| inputs::respell_default(edit, Sort::InputField)),
    mutation("add nullable directive argument", |edit| inputs::add(edit, Sort::DirectiveArgument, Leave::Nullable)),
    mutation("add required directive argument", |edit| inputs::add(edit, Sort::DirectiveArgument, Leave::Required)),
    mutation("add defaulted directive argument", |edit| inputs::add(edit, Sort::DirectiveArgument, Leave::Default)),
    mutation("add non-null defaulted directive argument", |edit| {
        inputs::add(edit, Sort::DirectiveArgument, Leave::RequiredDefault)
    }),
    mutation("remove directive argument", |edit| inputs::remove(edit, Sort::DirectiveArgument)),
    mutation("retype directive argument", |edit| inputs::retype(edit, Sort::DirectiveArgument)),
    mutation("toggle null of directive argument", |edit| inputs::toggle_null(edit, Sort::DirectiveArgument)),
    mutation("add default of directive argument", |edit| inputs::set_default(edit, Sort::DirectiveArgument, false)),
    mutation("change default of directive argument", |edit| inputs::set_default(edit, Sort::DirectiveArgument, true)),
    mutation("drop default of directive argument", |edit| inputs::drop_default(edit, Sort::DirectiveArgument)),
    mutation("respell default of directive argument", |edit| inputs::respell_default(edit, Sort::DirectiveArgument)),
];

/// Enums, scalars and `@oneOf`.
const ENUMS: &[Mutation] = &[
    mutation("add value", fields::add_value),
    mutation("remove value", fields::remove_value),
    mutation("specify scalar", usages::specified_by),
    mutation("one of", |edit| usages::one_of(edit, true)),
    mutation("any of", |edit| usages::one_of(edit, false)),
];

/// Definitions of directives.
const DIRECTIVES: &[Mutation] = &[
    mutation("add directive", directives::add),
    mutation("remove directive", directives::remove),
    mutation("repeatable directive", |edit| directives::repeatable(edit, true)),
    mutation("no repeatable directive", |edit| directives::repeatable(edit, false)),
    mutation("add location", directives::add_location),
    mutation("remove location", directives::remove_location),
];

/// Directives applied.
const APPLIED: &[Mutation] = &[
    mutation("apply to schema", |edit| usages::add(edit, Sort::Schema)),
    mutation("apply to scalar", |edit| usages::add(edit, Sort::Scalar)),
    mutation("apply to object", |edit| usages::add(edit, Sort::Object)),
    mutation("apply to interface", |edit| usages::add(edit, Sort::Interface)),
    mutation("apply to union", |edit| usages::add(edit, Sort::Union)),
    mutation("apply to enum", |edit| usages::add(edit, Sort::Enum)),
    mutation("apply to input object", |edit| usages::add(edit, Sort::InputObject)),
    mutation("apply to field", |edit| usages::add(edit, Sort::Field)),
    mutation("apply to enum value", |edit| usages::add(edit, Sort::Value)),
    mutation("apply to argument", |edit| usages::add(edit, Sort::Argument)),
    mutation("apply to input field", |edit| usages::add(edit, Sort::InputField)),
    mutation("add argument of applied", usages::add_argument),
    mutation("change argument of applied", usages::change_argument),
];

/// Directives taken off.
const TAKEN_OFF: &[Mutation] = &[
    mutation("take off schema", |edit| usages::remove(edit, Sort::Schema)),
    mutation("take off scalar", |edit| usages::remove(edit, Sort::Scalar)),
    mutation("take off object", |edit| usages::remove(edit, Sort::Object)),
    mutation("take off interface", |edit| usages::remove(edit, Sort::Interface)),
    mutation("take off union", |edit| usages::remove(edit, Sort::Union)),
    mutation("take off enum", |edit| usages::remove(edit, Sort::Enum)),
    mutation("take off input object", |edit| usages::remove(edit, Sort::InputObject)),
    mutation("take off field", |edit| usages::remove(edit, Sort::Field)),
    mutation("take off enum value", |edit| usages::remove(edit, Sort::Value)),
    mutation("take off argument", |edit| usages::remove(edit, Sort::Argument)),
    mutation("take off input field", |edit| usages::remove(edit, Sort::InputField)),
    mutation("remove argument of applied", usages::remove_argument),
];

/// Deprecations.
const DEPRECATIONS: &[Mutation] = &[
    mutation("deprecate field", |edit| usages::deprecate(edit, Sort::Field)),
    mutation("undeprecate field", |edit| usages::undeprecate(edit, Sort::Field)),
    mutation("change reason of field", |edit| usages::change_reason(edit, Sort::Field, true, true)),
    mutation("add reason of field", |edit| usages::change_reason(edit, Sort::Field, false, true)),
    mutation("drop reason of field", |edit| usages::change_reason(edit, Sort::Field, true, false)),
    mutation("deprecate enum value", |edit| usages::deprecate(edit, Sort::Value)),
    mutation("undeprecate enum value", |edit| usages::undeprecate(edit, Sort::Value)),
    mutation("change reason of enum value", |edit| usages::change_reason(edit, Sort::Value, true, true)),
    mutation("add reason of enum value", |edit| usages::change_reason(edit, Sort::Value, false, true)),
    mutation("drop reason of enum value", |edit| usages::change_reason(edit, Sort::Value, true, false)),
    mutation("deprecate argument", |edit| usages::deprecate(edit, Sort::Argument)),
    mutation("undeprecate argument", |edit| usages::undeprecate(edit, Sort::Argument)),
    mutation("change reason of argument", |edit| usages::change_reason(edit, Sort::Argument, true, true)),
    mutation("add reason of argument", |edit| usages::change_reason(edit, Sort::Argument, false, true)),
    mutation("drop reason of argument", |edit| usages::change_reason(edit, Sort::Argument, true, false)),
    mutation("deprecate input field", |edit| usages::deprecate(edit, Sort::InputField)),
    mutation("undeprecate input field", |edit| usages::undeprecate(edit, Sort::InputField)),
    mutation("change reason of input field", |edit| usages::change_reason(edit, Sort::InputField, true, true)),
    mutation("add reason of input field", |edit| usages::change_reason(edit, Sort::InputField, false, true)),
    mutation("drop reason of input field", |edit| usages::change_reason(edit, Sort::InputField, true, false)),
];

/// Roots.
const ROOTS: &[Mutation] = &[
    mutation("change query root", |edit| roots::retarget(edit, OperationType::Query, true)),
    mutation("change mutation root", |edit| roots::retarget(edit, OperationType::Mutation, true)),
    mutation("add mutation root", |edit| roots::retarget(edit, OperationType::Mutation, false)),
    mutation("remove mutation root", |edit| roots::remove(edit, OperationType::Mutation)),
    mutation("change subscription root", |edit| roots::retarget(edit, OperationType::Subscription, true)),
    mutation("add subscription root", |edit| roots::retarget(edit, OperationType::Subscription, false)),
    mutation("remove subscription root", |edit| roots::remove(edit, OperationType::Subscription)),
];

/// What makes no difference.
const LAYOUT: &[Mutation] = &[
    mutation("reorder", layout::reorder),
    mutation("extend type", layout::extend),
    mutation("extend schema", layout::extend_schema),
    mutation("reorder applied", usages::reorder),
];
