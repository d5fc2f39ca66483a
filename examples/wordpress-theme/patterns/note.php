<?php
/**
 * Title: Note in the margin
 * Slug: quiet-pages/note
 * Categories: text
 */
?>
<!-- wp:paragraph {"className":"is-style-note"} -->
<p class="is-style-note"><?php esc_html_e( 'A note.', 'quiet-pages' ); ?></p>
<!-- /wp:paragraph -->
