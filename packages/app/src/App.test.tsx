import { render, screen } from '@testing-library/react';
import { app } from './App';

describe('the portal', () => {
  it('shows the way to sign in to whoever is signed out', async () => {
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          data: {
            app: { title: 'Slipway', baseUrl: 'http://localhost' },
            backend: { baseUrl: 'http://localhost' },
          },
          context: 'test',
        },
      ] as unknown as string,
    };

    render(app.createRoot());

    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign in' },
        { timeout: 15000 },
      ),
    ).toBeEnabled();
    expect(
      screen.getByRole('heading', { name: /from training to production/ }),
    ).toBeVisible();
  }, 30000);
});
