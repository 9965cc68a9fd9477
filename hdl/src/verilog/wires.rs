//! What is known of signals and constants, and expressions that only pick and move their bits.

use super::expression::Expr;
use super::expression::Operator::{self, *};
use std::collections::BTreeMap;

/// What is known of signals and constants, by name.
pub(super) type Widths = BTreeMap<String, Known>;

/// What is known of a signal or constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Its width.
    pub(super) width: usize,
    /// Its value, if it is a constant.
    pub(super) value: Option<u128>,
}

/// The bits of an expression that only picks and moves bits; `None` of any other.
pub(super) fn wires(
    expr: &Expr,
    context: usize,
    widths: &Widths,
) -> Result<Option<Vec<Wire>>, String> {
    let of = |expr: &Expr| wires(expr, context, widths);
    let mut bits: Vec<Wire> = match expr {
        Expr::Name(name) => {
            (0..width_of(name, widths)?).map(|bit| Wire::Of(name.clone(), bit)).collect()
        }
        Expr::Slice { name, high, low } => {
            let width = width_of(name, widths)?;
            if *high >= width {
                return Err(format!("{name} has {width} bits, no bit {high}"));
            }
            (*low..=*high).map(|bit| Wire::Of(name.clone(), bit)).collect()
        }
        Expr::Number { value, width } => {
            (0..*width).map(|bit| Wire::Constant(value >> bit & 1 == 1)).collect()
        }
        Expr::Binary(operator @ (And | Or | Xor), left, right) => {
            let side = |side: &Expr| match low_bits(side, widths) {
                Some(mask) if *operator == And => of(&mask),
                _ => of(side),
            };
            let (Some(left), Some(right)) = (side(left)?, side(right)?) else { return Ok(None) };
            let merged = left.into_iter().zip(right).map(|bits| Wire::merged(*operator, bits));
            let Some(merged) = merged.collect() else { return Ok(None) };
            merged
        }
        Expr::Binary(Shl, operand, by) => {
            let (Some(mut bits), Some(by)) = (of(operand)?, constant(by)) else { return Ok(None) };
            bits.splice(0..0, vec![Wire::Constant(false); by]);
            bits
        }
        Expr::Binary(Shr, operand, by) => {
            let (Some(mut bits), Some(by)) = (of(operand)?, constant(by)) else { return Ok(None) };
            bits.drain(..by.min(bits.len()));
            bits
        }
        _ => return Ok(None),
    };
    bits.resize(context, Wire::Constant(false));
    Ok(Some(bits))
}

/// One bit of what [`wires`] finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Constant(bool),
    /// A bit of a signal.
    Of(String, usize),
}

impl Wire {
    /// What two bits give when one of them decides or changes nothing.
    fn merged(operator: Operator, bits: (Wire, Wire)) -> Option<Wire> {
        use Wire::Constant;
        match (operator, bits) {
            (And, (Constant(false), _) | (_, Constant(false))) => Some(Constant(false)),
            (And, (Constant(true), other) | (other, Constant(true))) => Some(other),
            (Or | Xor, (Constant(false), other) | (other, Constant(false))) => Some(other),
            (Or, (Constant(true), Constant(true))) => Some(Constant(true)),
            (Xor, (Constant(true), Constant(true))) => Some(Constant(false)),
            _ => None,
        }
    }
}

/// Bits, the lowest first, as an expression.
pub(super) fn joined(bits: &[Wire], widths: &Widths) -> Expr {
    let mut parts: Vec<Expr> = Vec::new();
    let mut rest = bits;
    while let Some(first) = rest.first() {
        let follows = |at: usize, bit: &Wire| match (first, bit) {
            (Wire::Constant(_), Wire::Constant(_)) => true,
            (Wire::Of(name, low), Wire::Of(other, bit)) => name == other && low + at == *bit,
            _ => false,
        };
        let length = rest.iter().enumerate().take_while(|(at, bit)| follows(*at, bit)).count();
        let (part, after) = rest.split_at(length);
        rest = after;
        parts.push(match first {
            Wire::Of(name, 0) if widths.get(name).is_some_and(|known| known.width == length) => {
                Expr::Name(name.clone())
            }
            Wire::Of(name, low) => {
                Expr::Slice { name: name.clone(), high: low + length - 1, low: *low }
            }
            Wire::Constant(_) => {
                let value =
                    |(at, bit): (usize, &Wire)| u128::from(*bit == Wire::Constant(true)) << at;
                Expr::Number { width: length, value: part.iter().enumerate().map(value).sum() }
            }
        });
    }
    parts.reverse();
    if parts.len() == 1 { parts.remove(0) } else { Expr::Concat(parts) }
}

/// The value of a named constant that keeps the low bits of what it is combined with.
fn low_bits(expr: &Expr, widths: &Widths) -> Option<Expr> {
    let mask = named_constant(expr, widths)?;
    matches!(mask, Expr::Number { value, .. } if (value + 1).is_power_of_two()).then_some(mask)
}

/// The width of a signal or constant.
///
/// # Errors
/// When there is none of this name.
pub(super) fn width_of(name: &str, widths: &Widths) -> Result<usize, String> {
    let known = widths.get(name).ok_or_else(|| format!("{name} is not declared"))?;
    Ok(known.width)
}

/// The value of a number.
pub(super) fn constant(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Number { value, .. } => usize::try_from(*value).ok(),
        _ => None,
    }
}

/// The value of a constant that is named.
pub(super) fn named_constant(expr: &Expr, widths: &Widths) -> Option<Expr> {
    let Expr::Name(name) = expr else { return None };
    let Known { width, value } = widths.get(name)?;
    Some(Expr::Number { width: *width, value: (*value)? })
}
