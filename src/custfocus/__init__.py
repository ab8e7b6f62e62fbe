"""Customer-focus vocabulary and satisfaction indices with honest confidence intervals."""
