//! Gives every operand the width that Verilog gives it by its rules, so that no tool has to widen or
//! cut anything, and none warns.
//!
//! rust-hdl writes its literals with 32 bits and a cut as a mask. Verilog then works out an
//! assignment at the width of its widest operand, the *context*, fills up narrower operands with
//! zeros, and cuts the result. Here the same value is written with operands of exactly the width of
//! the result. This is possible because the low bits of sums, products, shifts to the left and bit
//! by bit operations depend on the low bits of their operands only; shifts to the right by a
//! constant become parts of signals.

use super::expression::Expr;
use super::expression::Operator::{self, *};
use super::wires::{Widths, constant, joined, named_constant, width_of, wires};

/// The value of `expr` as an assignment to `width` bits takes it, in exactly that width.
///
/// # Errors
/// What cannot be written so, with the cure.
pub(super) fn assigned(expr: &Expr, width: usize, widths: &Widths) -> Result<Expr, String> {
    let context = own_width(expr, widths)?.max(width);
    fit(expr, width, context, widths)
}

/// The value of `expr` as a condition, one bit wide.
///
/// # Errors
/// As for [`assigned`].
pub(super) fn condition(expr: &Expr, widths: &Widths) -> Result<Expr, String> {
    let own = own_width(expr, widths)?;
    let value = fit(expr, own, own, widths)?;
    Ok(if own == 1 { value } else { Expr::Reduce('|', Box::new(value)) })
}

/// The width that Verilog finds for an expression by itself.
fn own_width(expr: &Expr, widths: &Widths) -> Result<usize, String> {
    Ok(match expr {
        Expr::Name(name) => width_of(name, widths)?,
        Expr::Slice { high, low, .. } => high - low + 1,
        Expr::Number { width, .. } => *width,
        Expr::Not(operand) => own_width(operand, widths)?,
        Expr::Reduce(..) | Expr::Binary(LogicalAnd | LogicalOr, ..) => 1,
        Expr::Binary(operator, ..) if operator.is_comparison() => 1,
        Expr::Binary(Shl | Shr, left, _) => own_width(left, widths)?,
        Expr::Binary(_, left, right) => own_width(left, widths)?.max(own_width(right, widths)?),
        Expr::Concat(parts) => {
            let parts: Result<Vec<usize>, String> =
                parts.iter().map(|part| own_width(part, widths)).collect();
            parts?.iter().sum()
        }
    })
}

/// How many low bits of an expression, worked out at the width `context`, may be other than zero.
fn significant(expr: &Expr, context: usize, widths: &Widths) -> Result<usize, String> {
    let of = |expr: &Expr| significant(expr, context, widths);
    let bits = match expr {
        Expr::Number { value, .. } => 128 - value.leading_zeros() as usize,
        Expr::Not(_) | Expr::Binary(Sub, ..) => context,
        Expr::Binary(And, left, right) => of(left)?.min(of(right)?),
        Expr::Binary(Or | Xor, left, right) => of(left)?.max(of(right)?),
        Expr::Binary(Add, left, right) => of(left)?.max(of(right)?) + 1,
        Expr::Binary(Mul, left, right) => of(left)? + of(right)?,
        Expr::Binary(Shr, left, right) => of(left)?.saturating_sub(constant(right).unwrap_or(0)),
        Expr::Binary(Shl, left, right) => match constant(right) {
            Some(by) => of(left)? + by,
            None => context,
        },
        _ => own_width(expr, widths)?,
    };
    Ok(bits.min(context))
}

/// The low `width` bits of an expression that is worked out at the width `context`.
fn fit(expr: &Expr, width: usize, context: usize, widths: &Widths) -> Result<Expr, String> {
    if let Some(bits) = wires(expr, context, widths)? {
        return Ok(joined(&bits[..width], widths));
    }
    let fits = |expr: &Expr| fit(expr, width, context, widths).map(Box::new);
    match expr {
        Expr::Not(operand) => Ok(Expr::Not(fits(operand)?)),
        Expr::Reduce(by, operand) => {
            let own = own_width(operand, widths)?;
            let value = Expr::Reduce(*by, Box::new(fit(operand, own, own, widths)?));
            Ok(extended(value, width))
        }
        Expr::Binary(LogicalAnd, left, right) | Expr::Binary(LogicalOr, left, right) => {
            let Expr::Binary(operator, ..) = expr else { unreachable!() };
            let operand = |operand| condition(operand, widths).map(Box::new);
            Ok(extended(Expr::Binary(*operator, operand(left)?, operand(right)?), width))
        }
        Expr::Binary(operator, left, right) if operator.is_comparison() => {
            Ok(extended(comparison(*operator, left, right, widths)?, width))
        }
        Expr::Binary(Shl, operand, by) => match constant(by) {
            Some(by) if by < width => {
                let kept = fit(operand, width - by, context, widths)?;
                Ok(Expr::Concat(vec![kept, Expr::Number { width: by, value: 0 }]))
            }
            Some(_) => Ok(Expr::Number { width, value: 0 }),
            None => Ok(Expr::Binary(Shl, fits(operand)?, amount(by, widths)?)),
        },
        Expr::Binary(Shr, operand, by) => {
            if significant(operand, context, widths)? > width {
                if let Some(by) = named_constant(by, widths) {
                    let shifted = Expr::Binary(Shr, operand.clone(), Box::new(by));
                    return fit(&shifted, width, context, widths);
                }
                return Err(format!(
                    "`{expr}` takes upper bits of an expression: give `{operand}` a signal of its own"
                ));
            }
            Ok(Expr::Binary(Shr, fits(operand)?, amount(by, widths)?))
        }
        Expr::Binary(operator, left, right) => Ok(simplified(*operator, fits(left)?, fits(right)?)),
        Expr::Name(_) | Expr::Slice { .. } | Expr::Number { .. } | Expr::Concat(_) => {
            Err(format!("`{expr}` is not made of wires"))
        }
    }
}

/// Both sides at the width that the wider one needs.
fn comparison(
    operator: Operator,
    left: &Expr,
    right: &Expr,
    widths: &Widths,
) -> Result<Expr, String> {
    let context = own_width(left, widths)?.max(own_width(right, widths)?);
    let needed = |side| significant(side, context, widths);
    let width = needed(left)?.max(needed(right)?).max(1);
    let side = |side| fit(side, width, context, widths).map(Box::new);
    Ok(Expr::Binary(operator, side(left)?, side(right)?))
}

/// An operation without operands that change nothing.
fn simplified(operator: Operator, left: Box<Expr>, right: Box<Expr>) -> Expr {
    let neutral = |side: &Expr| match (side, operator) {
        (Expr::Number { width, value }, And) => *value == u128::MAX >> (128 - width),
        (Expr::Number { value, .. }, Or | Xor | Add) => *value == 0,
        _ => false,
    };
    if neutral(&right) {
        *left
    } else if neutral(&left) {
        *right
    } else {
        Expr::Binary(operator, left, right)
    }
}

/// One bit filled up with zeros.
fn extended(bit: Expr, width: usize) -> Expr {
    match width {
        1 => bit,
        _ => Expr::Concat(vec![Expr::Number { width: width - 1, value: 0 }, bit]),
    }
}

/// A shift's amount, whose width does not matter.
fn amount(by: &Expr, widths: &Widths) -> Result<Box<Expr>, String> {
    let own = own_width(by, widths)?;
    Ok(Box::new(fit(by, own, own, widths)?))
}

#[cfg(test)]
mod tests {
    use super::super::wires::Known;
    use super::*;

    fn widths() -> Widths {
        let widths = [("a", 4), ("b", 4), ("wide", 16), ("bit", 1), ("flag", 1), ("mask", 10)];
        let signals = widths.map(|(name, width)| (name, Known { width, value: None }));
        let constants = [("three", Known { width: 2, value: Some(3) })];
        signals.into_iter().chain(constants).map(|(name, known)| (name.to_owned(), known)).collect()
    }

    fn written(text: &str, width: usize) -> String {
        assigned(&Expr::parse(text).unwrap(), width, &widths()).unwrap().to_string()
    }

    #[test]
    fn every_operand_gets_the_width_of_the_result() {
        for (text, width, expected) in [
            ("a + 32'h1", 4, "a + 4'h1"),
            ("((a) & 5'h1f) + ((b) & 5'h1f)", 5, "{1'b0, a} + {1'b0, b}"),
            ("((wide) & 4'hf)", 4, "wide[3:0]"),
            ("(wide >> 32'h6)", 10, "wide[15:6]"),
            ("(wide >> 32'h6) ^ 32'h200", 10, "wide[15:6] ^ 10'h200"),
            ("((wide >> 32'h1) | ((wide & 32'h1) << 32'hf))", 16, "{wide[0], wide[15:1]}"),
            ("wide & 32'h1c", 5, "{wide[4:2], 2'h0}"),
            ("(a << 32'h2)", 4, "{a[1:0], 2'h0}"),
            ("a | 32'h1", 4, "a | 4'h1"),
            ("32'h3", 2, "2'h3"),
            ("~a", 4, "~a"),
            ("~a", 6, "~{2'h0, a}"),
            ("a == 32'h0", 1, "a == 4'h0"),
            ("a > 32'hff", 1, "{4'h0, a} > 8'hff"),
            ("a + b == 32'h10", 1, "({1'b0, a} + {1'b0, b}) == 5'h10"),
            ("a - b > 32'h8", 1, "({28'h0, a} - {28'h0, b}) > 32'h8"),
            ("(a == b) & bit", 1, "(a == b) & bit"),
            ("bit", 3, "{2'h0, bit}"),
            ("(a < b)", 3, "{2'h0, a < b}"),
            ("wide >> a", 16, "wide >> a"),
            ("wide >> three", 16, "wide >> three"),
            ("wide >> three", 4, "wide[6:3]"),
            ("a & three", 4, "{2'h0, a[1:0]}"),
            ("~bit & flag", 1, "~bit & flag"),
            ("a[32'h3] & bit", 1, "a[3] & bit"),
            ("((a + b) << 32'h1) & 6'h3f", 6, "{{1'b0, a} + {1'b0, b}, 1'b0}"),
        ] {
            assert_eq!(written(text, width), expected, "{text}");
        }
    }

    #[test]
    fn what_would_change_its_value_is_refused() {
        for (text, width) in [("(wide + mask) >> 32'h1", 4), ("a[32'h4]", 1), ("other", 1)] {
            let expr = Expr::parse(text).unwrap();
            assert!(assigned(&expr, width, &widths()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_value_is_that_of_verilogs_rules() {
        // Every form above, and more, against an interpreter of the rules, for many values.
        let texts = [
            "a + 32'h1",
            "((a) & 5'h1f) + ((b) & 5'h1f)",
            "(wide >> 32'h6) ^ 32'h200",
            "a & three",
            "((wide >> 32'h1) | ((wide & 32'h1) << 32'hf))",
            "~a",
            "a - b",
            "a - b > 32'h8",
            "a + b == 32'h10",
            "~(a ^ b) + 32'h1",
            "((a + b) << 32'h1) & 6'h3f",
            "(wide >> a)",
            "(a * b)",
            "(a << 32'h3) | 32'h5",
            "wide - 32'h1",
            "~a == b",
            "|a & bit",
            "a <= b",
            "(a > 32'h3) && bit",
            "((wide & 32'hff00) << 32'h8)",
            "(wide & 32'hff) >> 32'h3",
        ];
        for text in texts {
            let expr = Expr::parse(text).unwrap();
            for width in [1, 3, 4, 5, 10, 16, 20] {
                let Ok(fitted) = assigned(&expr, width, &widths()) else { continue };
                assert_eq!(own_width(&fitted, &widths()).unwrap(), width, "{text}");
                for seed in 0..200_u64 {
                    let values = |name: &str| {
                        let at = name.bytes().fold(seed + 1, |hash, byte| {
                            (hash ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                        });
                        let Known { width, value } = widths()[name];
                        value.unwrap_or(u128::from(at >> 40) & (u128::MAX >> (128 - width)))
                    };
                    let of = |expr: &Expr| {
                        let context = own_width(expr, &widths()).unwrap().max(width);
                        value(expr, context, &values) & (u128::MAX >> (128 - width))
                    };
                    assert_eq!(of(&expr), of(&fitted), "{text}: {fitted}");
                }
            }
        }
    }

    /// Verilog's rules: what an expression is at the width of its context.
    fn value(expr: &Expr, context: usize, values: &impl Fn(&str) -> u128) -> u128 {
        let own = |expr: &Expr| own_width(expr, &widths()).unwrap();
        let alone = |expr: &Expr| value(expr, own(expr), values);
        let here = |expr: &Expr| value(expr, context, values);
        let truth = |yes: bool| u128::from(yes);
        let result = match expr {
            Expr::Name(name) => values(name),
            Expr::Slice { name, high, low } => values(name) >> low & ((1 << (high - low + 1)) - 1),
            Expr::Number { value, .. } => *value,
            Expr::Not(operand) => !here(operand),
            Expr::Reduce('|', operand) => truth(alone(operand) != 0),
            Expr::Reduce(..) => unreachable!("not in the table"),
            Expr::Concat(parts) => {
                parts.iter().fold(0, |value, part| value << own(part) | alone(part))
            }
            Expr::Binary(operator, left, right) => {
                let both = own(left).max(own(right));
                let sides = (value(left, both, values), value(right, both, values));
                match operator {
                    Lt => truth(sides.0 < sides.1),
                    Le => truth(sides.0 <= sides.1),
                    Gt => truth(sides.0 > sides.1),
                    Ge => truth(sides.0 >= sides.1),
                    Eq => truth(sides.0 == sides.1),
                    Ne => truth(sides.0 != sides.1),
                    LogicalAnd => truth(alone(left) != 0 && alone(right) != 0),
                    LogicalOr => truth(alone(left) != 0 || alone(right) != 0),
                    Shl => here(left).checked_shl(alone(right) as u32).unwrap_or(0),
                    Shr => here(left).checked_shr(alone(right) as u32).unwrap_or(0),
                    Mul => here(left).wrapping_mul(here(right)),
                    Add => here(left).wrapping_add(here(right)),
                    Sub => here(left).wrapping_sub(here(right)),
                    And => here(left) & here(right),
                    Xor => here(left) ^ here(right),
                    Or => here(left) | here(right),
                }
            }
        };
        result & (u128::MAX >> (128 - context))
    }
}
