"""What the learner is made of: terms of a text, the separating planes, how sure it is, why, and how it is kept. Pure."""
