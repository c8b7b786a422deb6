"""The judge: reusable case classes, and the logic that turns what happened into a verdict."""
