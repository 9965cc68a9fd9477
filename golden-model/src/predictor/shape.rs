//! Shapes of predictors: which features they have.

use crate::neighbours::{NEIGHBOUR_FEATURES, NEIGHBOURS};

/// Which features a predictor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None: the last token is the prediction.
    Bigram,
    /// One mean, and no weights.
    Mean,
    /// Four differences.
    Lms4,
    /// Eight differences.
    Lms8,
    /// One difference and the deviations from two means.
    Means,
    /// The same, and the residuals of two channels before and their mean.
    Neighbours,
}

/// No predictor has these features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no predictor has {differences} differences, {means} means and {neighbours} neighbours")]
pub struct NoSuchShape {
    /// Past differences.
    pub differences: u8,
    /// Leaky means.
    pub means: u8,
    /// Channels before.
    pub neighbours: u8,
}

impl Shape {
    /// The shape with this number of differences, means and neighbours.
    ///
    /// # Errors
    /// [`NoSuchShape`], when there is none.
    pub fn new(differences: u8, means: u8, neighbours: u8) -> Result<Shape, NoSuchShape> {
        match (differences, means, neighbours) {
            (0, 0, 0) => Ok(Shape::Bigram),
            (0, 1, 0) => Ok(Shape::Mean),
            (4, 0, 0) => Ok(Shape::Lms4),
            (8, 0, 0) => Ok(Shape::Lms8),
            (1, 2, 0) => Ok(Shape::Means),
            (1, 2, 2) => Ok(Shape::Neighbours),
            _ => Err(NoSuchShape { differences, means, neighbours }),
        }
    }

    /// Past differences among the features.
    pub fn differences(self) -> u8 {
        match self {
            Shape::Bigram | Shape::Mean => 0,
            Shape::Lms4 => 4,
            Shape::Lms8 => 8,
            Shape::Means | Shape::Neighbours => 1,
        }
    }

    /// Leaky means that it holds.
    pub fn means(self) -> u8 {
        match self {
            Shape::Bigram | Shape::Lms4 | Shape::Lms8 => 0,
            Shape::Mean => 1,
            Shape::Means | Shape::Neighbours => 2,
        }
    }

    /// Channels before whose residuals are among the features, with the mean of more of them.
    pub fn neighbours(self) -> u8 {
        if self == Shape::Neighbours { NEIGHBOURS as u8 } else { 0 }
    }

    /// All features, which have a weight each.
    pub fn features(self) -> usize {
        if self == Shape::Mean {
            return 0;
        }
        let neighbours = if self.neighbours() > 0 { NEIGHBOUR_FEATURES } else { 0 };
        usize::from(self.differences() + self.means()) + neighbours
    }
}

/// Calls a function that is generic over the number of differences, means and neighbours, for a shape
/// known only at run time: the loops inside are then of fixed length.
macro_rules! with_shape {
    ($shape:expr, |$d:ident, $m:ident, $n:ident| $call:expr) => {
        match $shape {
            $crate::predictor::Shape::Bigram => {
                $crate::predictor::with_shape!(0, 0, 0, $d, $m, $n, $call)
            }
            $crate::predictor::Shape::Mean => {
                $crate::predictor::with_shape!(0, 1, 0, $d, $m, $n, $call)
            }
            $crate::predictor::Shape::Lms4 => {
                $crate::predictor::with_shape!(4, 0, 0, $d, $m, $n, $call)
            }
            $crate::predictor::Shape::Lms8 => {
                $crate::predictor::with_shape!(8, 0, 0, $d, $m, $n, $call)
            }
            $crate::predictor::Shape::Means => {
                $crate::predictor::with_shape!(1, 2, 0, $d, $m, $n, $call)
            }
            $crate::predictor::Shape::Neighbours => {
                $crate::predictor::with_shape!(1, 2, 2, $d, $m, $n, $call)
            }
        }
    };
    ($dv:literal, $mv:literal, $nv:literal, $d:ident, $m:ident, $n:ident, $call:expr) => {{
        const $d: usize = $dv;
        const $m: usize = $mv;
        const $n: usize = $nv;
        $call
    }};
}
pub(crate) use with_shape;
