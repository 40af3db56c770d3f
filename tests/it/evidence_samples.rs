//! Real samples of the tools, held against the shipped questionnaire; only where they are kept beside the project.
