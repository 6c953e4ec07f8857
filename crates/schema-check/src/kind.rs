//! The kinds of difference, by GraphQL Inspector's names.
//!
//! The first eighty are those of `@graphql-inspector/core` 8. The rest, named alike, are differences that it
//! does not see: descriptions of the schema, directives on directives (GraphQL of September 2026) and on the
//! arguments of directives.

use serde::{Serialize, Serializer};

/// Declares the kinds once: the variants, their names and the list of all.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What kind of difference a change is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $($(#[$doc])* $variant,)*
        }

        impl ChangeKind {
            /// Every kind, GraphQL Inspector's first.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in reports and in the policy, such as `FIELD_REMOVED`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The description of a field's argument was added, removed or changed.
    FieldArgumentDescriptionChanged = "FIELD_ARGUMENT_DESCRIPTION_CHANGED",
    /// The default of a field's argument was added, removed or changed.
    FieldArgumentDefaultChanged = "FIELD_ARGUMENT_DEFAULT_CHANGED",
    /// A field's argument has another type.
    FieldArgumentTypeChanged = "FIELD_ARGUMENT_TYPE_CHANGED",
    /// A directive is no longer defined.
    DirectiveRemoved = "DIRECTIVE_REMOVED",
    /// A directive is defined.
    DirectiveAdded = "DIRECTIVE_ADDED",
    /// The description of a directive was added, removed or changed.
    DirectiveDescriptionChanged = "DIRECTIVE_DESCRIPTION_CHANGED",
    /// A directive may stand in another place.
    DirectiveLocationAdded = "DIRECTIVE_LOCATION_ADDED",
    /// A directive may no longer stand in a place.
    DirectiveLocationRemoved = "DIRECTIVE_LOCATION_REMOVED",
    /// A directive takes another argument.
    DirectiveArgumentAdded = "DIRECTIVE_ARGUMENT_ADDED",
    /// A directive no longer takes an argument.
    DirectiveArgumentRemoved = "DIRECTIVE_ARGUMENT_REMOVED",
    /// The description of a directive's argument was added, removed or changed.
    DirectiveArgumentDescriptionChanged = "DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED",
    /// The default of a directive's argument was added, removed or changed.
    DirectiveArgumentDefaultValueChanged = "DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED",
    /// A directive's argument has another type.
    DirectiveArgumentTypeChanged = "DIRECTIVE_ARGUMENT_TYPE_CHANGED",
    /// A directive may stand several times in one place.
    DirectiveRepeatableAdded = "DIRECTIVE_REPEATABLE_ADDED",
    /// A directive may stand only once in one place.
    DirectiveRepeatableRemoved = "DIRECTIVE_REPEATABLE_REMOVED",
    /// An enum lost a value.
    EnumValueRemoved = "ENUM_VALUE_REMOVED",
    /// An enum has another value.
    EnumValueAdded = "ENUM_VALUE_ADDED",
    /// The description of an enum value was added, removed or changed.
    EnumValueDescriptionChanged = "ENUM_VALUE_DESCRIPTION_CHANGED",
    /// An enum value is deprecated for another reason.
    EnumValueDeprecationReasonChanged = "ENUM_VALUE_DEPRECATION_REASON_CHANGED",
    /// An enum value is deprecated, or its deprecation has a reason.
    EnumValueDeprecationReasonAdded = "ENUM_VALUE_DEPRECATION_REASON_ADDED",
    /// An enum value is no longer deprecated, or no longer for a reason.
    EnumValueDeprecationReasonRemoved = "ENUM_VALUE_DEPRECATION_REASON_REMOVED",
    /// An object or interface lost a field.
    FieldRemoved = "FIELD_REMOVED",
    /// An object or interface has another field.
    FieldAdded = "FIELD_ADDED",
    /// The description of a field changed.
    FieldDescriptionChanged = "FIELD_DESCRIPTION_CHANGED",
    /// A field has a description.
    FieldDescriptionAdded = "FIELD_DESCRIPTION_ADDED",
    /// A field no longer has a description.
    FieldDescriptionRemoved = "FIELD_DESCRIPTION_REMOVED",
    /// A field is deprecated.
    FieldDeprecationAdded = "FIELD_DEPRECATION_ADDED",
    /// A field is no longer deprecated.
    FieldDeprecationRemoved = "FIELD_DEPRECATION_REMOVED",
    /// A field is deprecated for another reason.
    FieldDeprecationReasonChanged = "FIELD_DEPRECATION_REASON_CHANGED",
    /// The deprecation of a field has a reason.
    FieldDeprecationReasonAdded = "FIELD_DEPRECATION_REASON_ADDED",
    /// The deprecation of a field no longer has a reason.
    FieldDeprecationReasonRemoved = "FIELD_DEPRECATION_REASON_REMOVED",
    /// A field has another type.
    FieldTypeChanged = "FIELD_TYPE_CHANGED",
    /// A field takes another argument.
    FieldArgumentAdded = "FIELD_ARGUMENT_ADDED",
    /// A field no longer takes an argument.
    FieldArgumentRemoved = "FIELD_ARGUMENT_REMOVED",
    /// An input object lost a field.
    InputFieldRemoved = "INPUT_FIELD_REMOVED",
    /// An input object has another field.
    InputFieldAdded = "INPUT_FIELD_ADDED",
    /// An input field has a description.
    InputFieldDescriptionAdded = "INPUT_FIELD_DESCRIPTION_ADDED",
    /// An input field no longer has a description.
    InputFieldDescriptionRemoved = "INPUT_FIELD_DESCRIPTION_REMOVED",
    /// The description of an input field changed.
    InputFieldDescriptionChanged = "INPUT_FIELD_DESCRIPTION_CHANGED",
    /// The default of an input field was added, removed or changed.
    InputFieldDefaultValueChanged = "INPUT_FIELD_DEFAULT_VALUE_CHANGED",
    /// An input field has another type.
    InputFieldTypeChanged = "INPUT_FIELD_TYPE_CHANGED",
    /// An object or interface implements another interface.
    ObjectTypeInterfaceAdded = "OBJECT_TYPE_INTERFACE_ADDED",
    /// An object or interface no longer implements an interface.
    ObjectTypeInterfaceRemoved = "OBJECT_TYPE_INTERFACE_REMOVED",
    /// Queries start at another type.
    SchemaQueryTypeChanged = "SCHEMA_QUERY_TYPE_CHANGED",
    /// Mutations start at another type.
    SchemaMutationTypeChanged = "SCHEMA_MUTATION_TYPE_CHANGED",
    /// Subscriptions start at another type.
    SchemaSubscriptionTypeChanged = "SCHEMA_SUBSCRIPTION_TYPE_CHANGED",
    /// A type is gone.
    TypeRemoved = "TYPE_REMOVED",
    /// A type is new.
    TypeAdded = "TYPE_ADDED",
    /// A type is of another kind, such as an interface that was an object.
    TypeKindChanged = "TYPE_KIND_CHANGED",
    /// The description of a type changed.
    TypeDescriptionChanged = "TYPE_DESCRIPTION_CHANGED",
    /// A type no longer has a description.
    TypeDescriptionRemoved = "TYPE_DESCRIPTION_REMOVED",
    /// A type has a description.
    TypeDescriptionAdded = "TYPE_DESCRIPTION_ADDED",
    /// A union lost a member.
    UnionMemberRemoved = "UNION_MEMBER_REMOVED",
    /// A union has another member.
    UnionMemberAdded = "UNION_MEMBER_ADDED",
    /// A directive was applied to a union.
    DirectiveUsageUnionMemberAdded = "DIRECTIVE_USAGE_UNION_MEMBER_ADDED",
    /// A directive was taken off a union.
    DirectiveUsageUnionMemberRemoved = "DIRECTIVE_USAGE_UNION_MEMBER_REMOVED",
    /// A directive was applied to an enum.
    DirectiveUsageEnumAdded = "DIRECTIVE_USAGE_ENUM_ADDED",
    /// A directive was taken off an enum.
    DirectiveUsageEnumRemoved = "DIRECTIVE_USAGE_ENUM_REMOVED",
    /// A directive was applied to an enum value.
    DirectiveUsageEnumValueAdded = "DIRECTIVE_USAGE_ENUM_VALUE_ADDED",
    /// A directive was taken off an enum value.
    DirectiveUsageEnumValueRemoved = "DIRECTIVE_USAGE_ENUM_VALUE_REMOVED",
    /// A directive was applied to an input object.
    DirectiveUsageInputObjectAdded = "DIRECTIVE_USAGE_INPUT_OBJECT_ADDED",
    /// A directive was taken off an input object.
    DirectiveUsageInputObjectRemoved = "DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED",
    /// A directive was added to a field of an operation; see [`ChangeKind::NEVER`].
    DirectiveUsageFieldAdded = "DIRECTIVE_USAGE_FIELD_ADDED",
    /// A directive was removed from a field of an operation; see [`ChangeKind::NEVER`].
    DirectiveUsageFieldRemoved = "DIRECTIVE_USAGE_FIELD_REMOVED",
    /// A directive was applied to a scalar.
    DirectiveUsageScalarAdded = "DIRECTIVE_USAGE_SCALAR_ADDED",
    /// A directive was taken off a scalar.
    DirectiveUsageScalarRemoved = "DIRECTIVE_USAGE_SCALAR_REMOVED",
    /// A directive was applied to an object type.
    DirectiveUsageObjectAdded = "DIRECTIVE_USAGE_OBJECT_ADDED",
    /// A directive was taken off an object type.
    DirectiveUsageObjectRemoved = "DIRECTIVE_USAGE_OBJECT_REMOVED",
    /// A directive was applied to an interface.
    DirectiveUsageInterfaceAdded = "DIRECTIVE_USAGE_INTERFACE_ADDED",
    /// A directive was taken off an interface.
    DirectiveUsageInterfaceRemoved = "DIRECTIVE_USAGE_INTERFACE_REMOVED",
    /// A directive was applied to a field's argument.
    DirectiveUsageArgumentDefinitionAdded = "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_ADDED",
    /// A directive was taken off a field's argument.
    DirectiveUsageArgumentDefinitionRemoved = "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_REMOVED",
    /// A directive was applied to the schema definition.
    DirectiveUsageSchemaAdded = "DIRECTIVE_USAGE_SCHEMA_ADDED",
    /// A directive was taken off the schema definition.
    DirectiveUsageSchemaRemoved = "DIRECTIVE_USAGE_SCHEMA_REMOVED",
    /// A directive was applied to a field.
    DirectiveUsageFieldDefinitionAdded = "DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED",
    /// A directive was taken off a field.
    DirectiveUsageFieldDefinitionRemoved = "DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED",
    /// A directive was applied to an input field.
    DirectiveUsageInputFieldDefinitionAdded = "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_ADDED",
    /// A directive was taken off an input field.
    DirectiveUsageInputFieldDefinitionRemoved = "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_REMOVED",
    /// A directive that is applied has an argument, or another value for it.
    DirectiveUsageArgumentAdded = "DIRECTIVE_USAGE_ARGUMENT_ADDED",
    /// A directive that is applied no longer has an argument, or not that value of it.
    DirectiveUsageArgumentRemoved = "DIRECTIVE_USAGE_ARGUMENT_REMOVED",
    /// The description of the schema was added, removed or changed.
    SchemaDescriptionChanged = "SCHEMA_DESCRIPTION_CHANGED",
    /// A directive is deprecated.
    DirectiveDeprecationAdded = "DIRECTIVE_DEPRECATION_ADDED",
    /// A directive is no longer deprecated.
    DirectiveDeprecationRemoved = "DIRECTIVE_DEPRECATION_REMOVED",
    /// A directive is deprecated for another reason.
    DirectiveDeprecationReasonChanged = "DIRECTIVE_DEPRECATION_REASON_CHANGED",
    /// A directive was applied to a directive definition.
    DirectiveUsageDirectiveDefinitionAdded = "DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_ADDED",
    /// A directive was taken off a directive definition.
    DirectiveUsageDirectiveDefinitionRemoved = "DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_REMOVED",
    /// A directive was applied to a directive's argument.
    DirectiveUsageDirectiveArgumentDefinitionAdded = "DIRECTIVE_USAGE_DIRECTIVE_ARGUMENT_DEFINITION_ADDED",
    /// A directive was taken off a directive's argument.
    DirectiveUsageDirectiveArgumentDefinitionRemoved = "DIRECTIVE_USAGE_DIRECTIVE_ARGUMENT_DEFINITION_REMOVED",
}

impl ChangeKind {
    /// Kinds that have a name with GraphQL Inspector but that no pair of schemas produces, there or here: a schema
    /// holds no fields of operations.
    pub const NEVER: &[Self] = &[Self::DirectiveUsageFieldAdded, Self::DirectiveUsageFieldRemoved];

    /// The kind with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether GraphQL Inspector 8 knows the kind.
    #[must_use]
    pub fn is_inspectors(self) -> bool {
        self < Self::SchemaDescriptionChanged
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
