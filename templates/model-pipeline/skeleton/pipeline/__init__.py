"""The pipeline of this model: code validation, data validation, training, evaluation, registration."""
