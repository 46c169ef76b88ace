"""How models fare once they are in use: drift of what they read, and what came true of what they said."""
