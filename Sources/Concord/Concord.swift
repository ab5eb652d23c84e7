// The umbrella: one import for the whole engine.
@_exported public import ComplexModule
@_exported public import ConcordArrays
@_exported public import ConcordFiltering
@_exported public import ConcordMatching
