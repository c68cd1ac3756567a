//! stub
#[derive(Debug, Default)]
pub struct RoutePath {
    pub template: String,
    pub operations: Vec<usize>,
    pub params: Vec<(String, usize)>,
}
#[derive(Debug, Default)]
pub struct Routes {
    pub paths: Vec<RoutePath>,
}
#[derive(Clone, Copy, Debug)]
pub enum SegmentText<'t> {
    Known(&'t str),
    Unknown,
}
pub enum RouteMatch {
    None,
    One { path: usize },
    Maybe(Vec<usize>),
}
impl Routes {
    pub fn find(&self, _: &[SegmentText<'_>]) -> RouteMatch {
        RouteMatch::None
    }
}
impl super::Api {
    pub fn routes(&self) -> Routes {
        Routes::default()
    }
}
