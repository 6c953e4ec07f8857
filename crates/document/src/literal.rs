//! Literal values of a document, checked against the schema and turned into the engine's values.

use apollo_compiler::ast::{IntValue, Type, Value, VariableDefinition};
use apollo_compiler::schema::{ExtendedType, InputObjectType, InputValueDefinition};
use apollo_compiler::{Name, Node};
use async_graphql::indexmap::IndexMap;
use async_graphql_value::{Name as EngineName, Number, Value as EngineValue};

use crate::contract::Contract;
use crate::lines::Lines;
use crate::refusal::{Refusal, code};

/// Turns literals of one operation into engine values.
pub(crate) struct Literals<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) lines: &'a Lines,
    pub(crate) variables: &'a [Node<VariableDefinition>],
    /// Nullable variables in places that accept no null: their value must not be null when it is known.
    pub(crate) never_null: Vec<EngineName>,
    /// Every use of a variable, with repetitions.
    pub(crate) uses: Vec<EngineName>,
}

impl<'a> Literals<'a> {
    pub(crate) fn new(contract: &'a Contract, lines: &'a Lines, variables: &'a [Node<VariableDefinition>]) -> Self {
        Self { contract, lines, variables, never_null: Vec::new(), uses: Vec::new() }
    }

    /// The value in a place of that definition, variables left in it.
    pub(crate) fn lower(&mut self, place: &InputValueDefinition, value: &Node<Value>) -> Result<EngineValue, Refusal> {
        self.value(&place.ty, value, place.default_value.is_some(), 0)
    }

    /// The value of a constant, such as a variable's default.
    pub(crate) fn constant(&mut self, ty: &Type, value: &Node<Value>) -> Result<EngineValue, Refusal> {
        self.value(ty, value, false, 0)
    }

    fn value(
        &mut self,
        ty: &Type,
        value: &Node<Value>,
        place_has_default: bool,
        depth: usize,
    ) -> Result<EngineValue, Refusal> {
        if depth > self.contract.limits.input_depth {
            return Err(self.refuse(value, "a value nested less deep"));
        }
        match &**value {
            Value::Variable(name) => return self.variable(ty, name, value, place_has_default),
            Value::Null if ty.is_non_null() => return Err(self.refuse(value, "a value, not null")),
            Value::Null => return Ok(EngineValue::Null),
            _ => {}
        }
        match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let single = std::slice::from_ref(value);
                let items = value.as_list().unwrap_or(single);
                if items.len() > self.contract.limits.list_items {
                    return Err(self.refuse(value, "a shorter list"));
                }
                let lower = |entry| self.value(item, entry, false, depth + 1);
                Ok(EngineValue::List(items.iter().map(lower).collect::<Result<_, _>>()?))
            }
            Type::Named(name) | Type::NonNullNamed(name) => self.named(name, value, depth),
        }
    }

    fn named(&mut self, name: &Name, value: &Node<Value>, depth: usize) -> Result<EngineValue, Refusal> {
        let contract = self.contract;
        match contract.named(name) {
            Some(ExtendedType::Enum(definition)) => match &**value {
                Value::Enum(symbol) if definition.values.contains_key(symbol) => {
                    Ok(EngineValue::Enum(EngineName::new(symbol)))
                }
                _ => Err(self.refuse(value, "one of the values of its enum")),
            },
            Some(ExtendedType::InputObject(definition)) => self.object(definition, value, depth),
            Some(ExtendedType::Scalar(_)) => match name.as_str() {
                "Int" | "Float" | "String" | "Boolean" | "ID" => self.builtin(name, value),
                _ => self.custom(name, value, depth),
            },
            _ => Err(self.refuse(value, "an input type")),
        }
    }

    fn builtin(&self, name: &str, value: &Node<Value>) -> Result<EngineValue, Refusal> {
        let (accepted, expected) = match name {
            "Int" => (value.to_i32().map(|number| EngineValue::Number(number.into())), "a 32-bit integer"),
            "Float" => (value.to_f64().and_then(Number::from_f64).map(EngineValue::Number), "a finite number"),
            "Boolean" => (value.to_bool().map(EngineValue::Boolean), "true or false"),
            "ID" => (value.as_str().or_else(|| as_int(value).map(IntValue::as_str)).map(text), "an id"),
            _ => (value.as_str().map(text), "a string"),
        };
        if let Value::String(text) = &**value
            && text.contains('\0')
        {
            return Err(self.refuse(value, "text without NUL"));
        }
        accepted.ok_or_else(|| self.refuse(value, expected))
    }

    fn object(
        &mut self,
        definition: &InputObjectType,
        value: &Node<Value>,
        depth: usize,
    ) -> Result<EngineValue, Refusal> {
        let Value::Object(fields) = &**value else {
            return Err(self.refuse(value, "an input object"));
        };
        let one_of = definition.directives.has("oneOf");
        let mut lowered = IndexMap::with_capacity(fields.len());
        for (name, entry) in fields {
            let Some(place) = definition.fields.get(name) else {
                return Err(self.refuse(entry, "no such field"));
            };
            let has_default = place.default_value.is_some();
            let entry_value = if one_of {
                let never_null = place.ty.as_ref().clone().non_null();
                self.value(&never_null, entry, false, depth + 1).map_err(|refusal| self.one_of(entry, refusal))?
            } else {
                self.value(&place.ty, entry, has_default, depth + 1)?
            };
            if lowered.insert(EngineName::new(name), entry_value).is_some() {
                return Err(self.refuse(entry, "each field once"));
            }
        }
        if let Some((name, _)) =
            definition.fields.iter().find(|(name, place)| place.is_required() && !lowered.contains_key(name.as_str()))
        {
            return Err(self.refuse(value, &format!("a value for \"{name}\"")));
        }
        if one_of && lowered.len() != 1 {
            return Err(self.refuse(value, "exactly one field, not null"));
        }
        Ok(EngineValue::Object(lowered))
    }

    /// A nullable variable could leave the only field of a `@oneOf` object without a value.
    fn one_of(&self, entry: &Node<Value>, refusal: Refusal) -> Refusal {
        match entry.as_variable().and_then(|name| self.definition(name)) {
            Some(variable) if !variable.ty.is_non_null() => {
                self.refuse(entry, "a variable that cannot be null, in a @oneOf object")
            }
            _ => refusal,
        }
    }

    /// A scalar of the schema's own. One with a rule takes what JSON could have brought as well.
    fn custom(&mut self, name: &str, value: &Node<Value>, depth: usize) -> Result<EngineValue, Refusal> {
        let lowered = self.untyped(value, depth)?;
        if let Some(rule) = self.contract.scalar_rule(name) {
            let is_enum = matches!(&**value, Value::Enum(_));
            let json = lowered.clone().into_const().and_then(|it| it.into_json().ok());
            let checked = json.filter(|_| !is_enum).map_or(Err("a constant"), |json| (rule.check)(&json));
            checked.map_err(|expected| self.refuse(value, expected))?;
        }
        Ok(lowered)
    }

    fn untyped(&mut self, value: &Node<Value>, depth: usize) -> Result<EngineValue, Refusal> {
        if depth > self.contract.limits.input_depth {
            return Err(self.refuse(value, "a value nested less deep"));
        }
        Ok(match &**value {
            Value::Null => EngineValue::Null,
            Value::Boolean(flag) => EngineValue::Boolean(*flag),
            Value::Enum(symbol) => EngineValue::Enum(EngineName::new(symbol)),
            Value::String(_) => self.builtin("String", value)?,
            Value::Int(number) => match number.as_str().parse::<i64>() {
                Ok(number) => EngineValue::Number(number.into()),
                Err(_) => self.builtin("Float", value)?,
            },
            Value::Float(_) => self.builtin("Float", value)?,
            Value::List(items) => {
                EngineValue::List(items.iter().map(|item| self.untyped(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => EngineValue::Object(
                fields
                    .iter()
                    .map(|(name, item)| Ok((EngineName::new(name), self.untyped(item, depth + 1)?)))
                    .collect::<Result<_, Refusal>>()?,
            ),
            Value::Variable(name) => {
                if self.definition(name).is_none() {
                    return Err(self.refuse(value, "a variable that the operation defines"));
                }
                self.used(name)
            }
        })
    }

    /// `IsVariableUsageAllowed` of the specification, which the validator checks for arguments only.
    fn variable(
        &mut self,
        ty: &Type,
        name: &Name,
        value: &Node<Value>,
        place_has_default: bool,
    ) -> Result<EngineValue, Refusal> {
        let Some(definition) = self.definition(name) else {
            return Err(self.refuse(value, "a variable that the operation defines"));
        };
        let has_default = definition.default_value.as_ref().is_some_and(|it| !it.is_null());
        let nullable_here = ty.is_non_null() && !definition.ty.is_non_null();
        let expected = match ty.clone() {
            wanted if nullable_here && (has_default || place_has_default) => wanted.nullable(),
            wanted => wanted,
        };
        if !definition.ty.is_assignable_to(&expected) {
            return Err(self.refuse(value, &format!("a variable of type {ty}")));
        }
        let used = self.used(name);
        if nullable_here {
            self.never_null.push(EngineName::new(name));
        }
        Ok(used)
    }

    fn used(&mut self, name: &Name) -> EngineValue {
        let name = EngineName::new(name);
        self.uses.push(name.clone());
        EngineValue::Variable(name)
    }

    fn definition(&self, name: &str) -> Option<&'a Node<VariableDefinition>> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    fn refuse(&self, value: &Node<Value>, expected: &str) -> Refusal {
        let place = value.location();
        Refusal::new(code::BAD_USER_INPUT, format!("Expected {expected}."))
            .at(place.map(|span| self.lines.location(span.offset())))
    }
}

fn as_int(value: &Value) -> Option<&IntValue> {
    match value {
        Value::Int(number) => Some(number),
        _ => None,
    }
}

fn text(text: &str) -> EngineValue {
    EngineValue::String(text.to_owned())
}
