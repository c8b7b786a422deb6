"""What pytest loads here: `mockvendors.pytest_plugin`, by its entry point. Nothing else is needed, here or in a plugin's CI."""
